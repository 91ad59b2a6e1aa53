"""The lock: a version that was filed keeps its hash for ever; a change is another version in another folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ringwall.basics import Refusal, refuse
from ringwall.product.reading.entries import Reader
from ringwall.product.records import FilingStatus, Product

LOCK = "filed.lock.yaml"


def read_lock(text: str) -> dict[str, str] | tuple[Refusal, ...]:
    """`code/version` to the sha256 that was filed."""
    reader = Reader()
    entry = reader.load(LOCK, text)
    found = {name: reader.need(each, "sha256").text for name, each in entry.fields.items()}
    return tuple(reader.refusals) if reader.refusals else found


def lock_faults(lock: Mapping[str, str], products: Iterable[Product]) -> tuple[Refusal, ...]:
    """Every filed version must stand in the lock with its own hash, and whatever stands there must still be there."""
    by_name = {f"{product.code}/{product.version}": product for product in products}
    found = []
    for name, product in by_name.items():
        if product.filing.status is FilingStatus.DRAFT:
            continue
        filed = lock.get(name)
        if filed is None:
            found.append(
                refuse(
                    "product_not_locked",
                    f"{LOCK} {name}",
                    zh=f"产品 {name} 已备案，但锁定表中没有它的哈希 {product.sha256}；请登记。",
                    en=f"{name} is filed, but the lock does not have its hash {product.sha256}; enter it.",
                )
            )
        elif filed != product.sha256:
            found.append(_changed(name, filed, product.sha256))
    for name in lock:
        if name not in by_name:
            found.append(
                refuse(
                    "product_filed_gone",
                    f"{LOCK} {name}",
                    zh=f"已备案的产品 {name} 不在目录中；请恢复其文件夹。",
                    en=f"{name} was filed and is not in the catalogue; restore its folder.",
                )
            )
    return tuple(found)


def _changed(name: str, filed: str, now: str) -> Refusal:
    return refuse(
        "product_filed_changed",
        f"{LOCK} {name}",
        zh=f"产品 {name} 备案时的哈希是 {filed}，现在是 {now}；请恢复原文件，修改请另立新版本。",
        en=f"{name} was filed with the hash {filed} and now has {now}; restore its files, and make changes "
        "in a further version.",
    )
