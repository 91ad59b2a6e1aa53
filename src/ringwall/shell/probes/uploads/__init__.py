"""Files of others' scanners that an insured may hand in: one module each, the same names inside, and their tuple."""

from __future__ import annotations

import hashlib
from typing import Any

from ringwall.basics import Refusal, refuse
from ringwall.evidence import Reported, Upload
from ringwall.shell.probes.uploaded import MAX_BYTES, MAX_ITEMS, Form, Reader, parse
from ringwall.shell.probes.uploads import grype, nmap, nuclei, openvas, sarif, sslyze, testssl, trivy, vex, zap

FAULTS = (KeyError, ValueError, TypeError, AttributeError, IndexError)
READERS: tuple[Reader, ...] = (nmap, sslyze, testssl, nuclei, zap, openvas, trivy, grype, sarif, vex)

__all__ = ["READERS", "Form", "Reader", "read_upload"]


def read_upload(data: bytes, name: str) -> Upload | Refusal:
    """What a file says, whichever of the known tools made it; `name` is what the person calls it."""
    if len(data) > MAX_BYTES:
        return refuse(
            "upload_too_big",
            name,
            zh=f"文件 {name} 有 {len(data)} 字节，上限为 {MAX_BYTES} 字节；请分开上传。",
            en=f"The file {name} has {len(data)} bytes, the bound is {MAX_BYTES}; hand it in in parts.",
        )
    documents = parse(data)
    for reader in READERS:
        if reader.FORM in documents and reader.is_mine(documents[reader.FORM]):
            return _read(reader, documents[reader.FORM], data, name)
    known = ", ".join(reader.NAME for reader in READERS)
    return refuse(
        "upload_unknown",
        name,
        zh=f"文件 {name} 不是任何已知工具的输出（已知：{known}）；请上传其 XML 或 JSON 报告。",
        en=f"The file {name} is no output of a known tool ({known}); hand in its XML or JSON report.",
    )


def _read(reader: Reader, document: Any, data: bytes, name: str) -> Upload:
    reported: list[Reported] = []
    refusals: list[Refusal] = []
    read = 0
    try:
        for read, (place, item) in enumerate(reader.items(document), start=1):
            if read > MAX_ITEMS:
                refusals.append(_too_many(name))
                break
            try:
                reported += reader.report(item)
            except FAULTS as fault:
                refusals.append(_unreadable(f"{name}: {place}", reader.NAME, fault))
    except FAULTS as fault:  # the document itself stops making sense; what was read before stays
        refusals.append(_unreadable(f"{name}: item {read + 1}", reader.NAME, fault))
    return Upload(reader.NAME, hashlib.sha256(data).hexdigest(), tuple(dict.fromkeys(reported)), tuple(refusals))


def _too_many(name: str) -> Refusal:
    return refuse(
        "upload_too_many",
        name,
        zh=f"文件 {name} 超过 {MAX_ITEMS} 项，其后未读取；请分开上传。",
        en=f"The file {name} has more than {MAX_ITEMS} items, what follows was not read; hand it in in parts.",
    )


def _unreadable(where: str, tool: str, fault: Exception) -> Refusal:
    return refuse(
        "upload_item_unreadable",
        where,
        zh=f"{where} 不符合 {tool} 的格式（{type(fault).__name__}：{str(fault)[:120]}），未读取该项；请重新导出。",
        en=f"{where} is not as {tool} writes it ({type(fault).__name__}: {str(fault)[:120]}), so it was not read; "
        "export it again or correct it.",
    )
