"""Certificates of the lab, the same bytes at every start: keys are derived from the host's name and protect nothing."""

from __future__ import annotations

import hashlib
import ssl
import tempfile
import warnings
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LONG_AGO = datetime(2024, 6, 1, tzinfo=UTC)
EXPIRED = datetime(2025, 6, 1, tzinfo=UTC)
FAR_OFF = datetime(2049, 12, 31, tzinfo=UTC)
AUTHORITY = "Lab Certificate Authority"


@cache
def server_context(host: str, kind: str, protocol: str) -> ssl.SSLContext:
    """A server's TLS: `kind` is current, expired, self_signed or other_name; `protocol` is current or old."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if protocol == "old":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "server.pem"
        path.write_bytes(server_pem(host, kind))
        context.load_cert_chain(path)
    return context


def server_pem(host: str, kind: str) -> bytes:
    """Certificate and key of one host in one file's text."""
    key = _key(host)
    issuer, issuer_key = (host, key) if kind == "self_signed" else (AUTHORITY, _key(AUTHORITY))
    named = f"other.{host}" if kind == "other_name" else host
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(named))
        .issuer_name(_name(issuer if kind != "self_signed" else named))
        .public_key(key.public_key())
        .serial_number(_number(f"serial {host} {kind}", 1 << 120))
        .not_valid_before(LONG_AGO)
        .not_valid_after(EXPIRED if kind == "expired" else FAR_OFF)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(named)]), critical=False)
        .sign(issuer_key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    written_key = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + written_key


def _key(owner: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(_number(f"lab key of {owner}", 1 << 250), ec.SECP256R1())


def _number(text: str, below: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()) % below + 1


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
