"""Files by their content, encrypted for their owner: the database knows the hash, the folder knows only ciphertext."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg.rows import DictRow

from ringwall.desk.doors import GrantRole, StoredFile

NONCE_BYTES = 12
KEY_BYTES = 32


class FileStore:
    """A folder of ciphertexts under one master key; place and key are derived for owner and content."""

    def __init__(self, folder: Path, master_key: bytes) -> None:
        self._folder = folder
        self._master_key = master_key

    def write(self, owner: UUID, content: bytes) -> str:
        """Store once by content, written aside and renamed; gives the SHA-256 of the plaintext."""
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(owner, digest)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            nonce = secrets.token_bytes(NONCE_BYTES)
            sealed = nonce + AESGCM(self._key(owner)).encrypt(nonce, content, digest.encode())
            with _written_aside(place) as aside:
                aside.write_bytes(sealed)
        return digest

    def read(self, owner: UUID, digest: str) -> bytes:
        sealed = self._place(owner, digest).read_bytes()
        return AESGCM(self._key(owner)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], digest.encode())

    def _key(self, owner: UUID) -> bytes:
        return hmac.digest(self._master_key, b"file key" + owner.bytes, "sha256")

    def _place(self, owner: UUID, digest: str) -> Path:
        name = hmac.new(self._key(owner), digest.encode(), "sha256").hexdigest()
        return self._folder / name[:2] / name


@contextmanager
def _written_aside(place: Path) -> Iterator[Path]:
    aside = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    yield aside
    with aside.open("rb") as written:
        os.fsync(written.fileno())
    aside.rename(place)


def master_key(path: Path) -> bytes:
    """The key of this installation, made at the first start and readable by its user alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()


class FileRoom:
    """The files that the acting organisation may see."""

    def __init__(self, connection: Connection[DictRow], me: UUID, store: FileStore) -> None:
        self._connection = connection
        self._me = me
        self._store = store

    def put(
        self, object_id: UUID, name: str, media_type: str, content: bytes, *, readers: Sequence[GrantRole] = ("lead",)
    ) -> StoredFile:
        digest = self._store.write(self._me, content)
        self._connection.execute(
            "insert into ringwall.stored_file (owner_id, object_id, sha256, name, media_type, size_bytes, readers) "
            "values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (self._me, object_id, digest, name, media_type, len(content), list(readers)),
        )
        return StoredFile(self._me, object_id, digest, name, media_type, len(content))

    def of_object(self, object_id: UUID) -> tuple[StoredFile, ...]:
        rows = self._connection.execute(
            "select owner_id, object_id, sha256, name, media_type, size_bytes from ringwall.stored_file "
            "where object_id = %s order by recorded_at, name",
            (object_id,),
        )
        return tuple(StoredFile(**row) for row in rows)

    def read(self, file: StoredFile) -> bytes:
        """The plaintext; the row was read through the walls, so whoever holds the record may read the content."""
        return self._store.read(file.owner_id, file.sha256)
