"""Challenges as a file: the tokens that prove control of assets, and where each one is to be published."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ringwall.exposure import Challenge, ProofMethod, issue_challenge, plain_name
from ringwall.shell.cli.answer import plain
from ringwall.shell.cli.fields import Fields
from ringwall.shell.cli.reading import Texts, reason_of
from ringwall.shell.cli.refused import no

PROOFS = "proof_of_control"
NAMES = ("account", "asset", "method", "nonce", "token", "place", "issued_at")


def new_challenges(account: str, names: Sequence[str], method: ProofMethod, at: datetime) -> tuple[Challenge, ...]:
    """Fresh tokens under a key that is thrown away: they are compared, never made again."""
    key = secrets.token_bytes(32)
    return tuple(issue_challenge(key, account, name, method, secrets.token_hex(16), at) for name in names)


def write_challenges(path: Path, challenges: Sequence[Challenge]) -> dict[str, Any]:
    """A new file; one that is there already is not overwritten, because its tokens may be published."""
    document: dict[str, Any] = plain(challenges_document(challenges))
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    except (OSError, ValueError) as fault:
        reason = reason_of(fault)
        raise no(
            "file_not_written",
            str(path),
            zh=f"无法新建文件：{reason.zh}；请换一个文件名或文件夹。",
            en=f"the file cannot be made: {reason.en}; choose another name or folder.",
        ) from None
    return document


def challenges_document(challenges: Sequence[Challenge]) -> dict[str, Any]:
    rows = [
        {
            "account": each.account,
            "asset": each.asset,
            "method": each.method,
            "nonce": each.nonce,
            "token": each.token,
            "place": each.place,
            "issued_at": each.issued_at,
        }
        for each in challenges
    ]
    return {"kind": PROOFS, "challenges": rows}


def read_challenges(where: str, raw: Texts) -> tuple[Challenge, ...]:
    """What was asked; whether it was answered is looked up anew before every scan."""
    rows = Fields.of(where, raw, ("kind", "challenges")).rows("challenges", NAMES)
    if not rows:
        raise no(
            "challenges_missing",
            where,
            zh="文件中没有任何令牌；请用 scan --new-proofs 生成。",
            en="The file holds no challenge; make one with scan --new-proofs.",
        )
    return tuple(
        Challenge(
            row.text("account"),
            plain_name(row.text("asset")),
            row.choice("method", ProofMethod),
            row.text("nonce"),
            row.text("token"),
            row.instant("issued_at"),
        )
        for row in rows
    )
