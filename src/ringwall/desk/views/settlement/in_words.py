"""Facts and their values as people say them: what would let an item in, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ringwall.basics import SHANGHAI, Words, yuan
from ringwall.product import Product
from ringwall.terms import FactKind, FactSpec, ItemOutcome, OpenPoint

TRUTH: Mapping[str, Words] = {"true": Words("是", "yes"), "false": Words("否", "no")}
OTHER = "(other)"
"""What a condition calls every value that it does not name."""

VALUES: Mapping[str, Words] = {
    "containment": Words("遏制与清除", "containment and clean-up"),
    "legal_advice": Words("法律咨询", "legal advice"),
    "public_relations": Words("公关", "public relations"),
    "notification": Words("通知受影响者", "notification of those affected"),
    "customer_response": Words("客户应对", "response for customers"),
    "reissue": Words("重新签发", "reissue"),
    "data_restoration": Words("数据恢复", "data restoration"),
    "customer_restoration": Words("客户数据恢复", "restoration for customers"),
    "hardware_like_for_like": Words("同等硬件更换", "hardware, like for like"),
    "betterment": Words("改良升级", "betterment"),
    "recalibration": Words("重新校准", "recalibration"),
    "interruption": Words("营业中断", "interruption"),
    "extra_expense": Words("额外费用", "extra expense"),
    "patient_diversion": Words("病人转院", "diversion of patients"),
    "negotiator": Words("谈判顾问", "negotiator"),
    "ransom": Words("赎金", "ransom"),
    "transferred_funds": Words("被骗转出的资金", "funds transferred"),
    "customer_loss": Words("客户的损失", "loss of a customer"),
    "liability_damages": Words("损害赔偿", "damages"),
    "service_damages": Words("服务赔偿", "damages for services"),
    "device_leak_damages": Words("设备泄露赔偿", "damages for data leaked by a device"),
    "warranty_payment": Words("质保赔付", "payment under the warranty"),
    "service_credit": Words("服务补偿", "service credit"),
    "defence_costs": Words("抗辩费用", "defence costs"),
    "contract_penalty": Words("合同违约金", "contract penalty"),
    "regulatory_counsel": Words("监管应对律师费", "counsel before the regulator"),
    "administrative_fine": Words("行政罚款", "administrative fine"),
    "mitigation": Words("施救费用", "mitigation"),
    "cause_finding": Words("查明原因的费用", "finding the cause"),
    "settlement": Words("和解", "settlement"),
    "judgment": Words("判决", "judgment"),
    "award": Words("仲裁裁决", "award"),
    "ransomware": Words("勒索软件", "ransomware"),
    "intrusion": Words("入侵", "intrusion"),
    "flooding": Words("流量攻击", "flooding with traffic"),
    "data_theft": Words("数据窃取", "theft of data"),
    "other_attack": Words("其他攻击", "another attack"),
    "never": Words("从未发生", "never"),
    OTHER: Words("其他", "something else"),
}
"""The values of facts that are words; a test holds that every value of the catalogue stands here."""


def value_words(value: str) -> Words:
    """A word fact's value; one that nobody has translated is shown as it is written."""
    return VALUES.get(value) or Words(value.replace("_", " "), value.replace("_", " "))


def what_would_cover(item: ItemOutcome, product: Product) -> tuple[Words, ...]:
    """What would let a refused or open item in, each change by itself; the one place that words it."""
    return tuple(_change(change, product) for change in item.covered_if)


def _change(change: str, product: Product) -> Words:
    """`fact=value`, or the number of a clause that would then have no effect."""
    name, equals, value = change.partition("=")
    spec = product.definition.facts.get(name)
    if not equals or spec is None:
        clause = product.clause(change)
        heading = clause.heading if clause else Words("", "")
        return Words(
            f"第 {change} 条{heading.zh}不生效（例如未依法说明）",
            f"clause {change} ({heading.en}) had no effect, as where it was not explained",
        )
    said = _said(spec, value)
    return Words(f"“{spec.words.zh}”为“{said.zh}”", f"“{spec.words.en}” were “{said.en}”")


def _said(spec: FactSpec, value: str) -> Words:
    if spec.kind is FactKind.YES_NO and value in TRUTH:
        return TRUTH[value]
    if spec.kind is FactKind.AMOUNT and value.lstrip("-").isdigit():
        return Words(f"{yuan(int(value))} 元", f"CNY {yuan(int(value))}")
    if spec.kind is FactKind.INSTANT and value != "never":
        at = datetime.fromisoformat(value).astimezone(SHANGHAI)
        return Words(f"{at:%Y-%m-%d %H:%M:%S}", f"{at:%Y-%m-%d %H:%M:%S}")
    return value_words(value)


def open_facts(point: OpenPoint, product: Product) -> tuple[Words, ...]:
    """The facts that nobody has established and on which an amount hangs."""
    facts = product.definition.facts
    return tuple(facts[name].words if name in facts else Words(name, name) for name in point.fact.split(",") if name)


def still_open(point: OpenPoint, product: Product) -> Words:
    """An open point in a sentence: what is to be found out, about what, and what it would add."""
    facts, adds = open_facts(point, product), yuan(point.adds_minor)
    zh, en = "、".join(f"“{fact.zh}”" for fact in facts), ", ".join(f"“{fact.en}”" for fact in facts)
    return Words(
        f"{point.item}：待认定{zh}（{point.clause}），认定后可增加 {adds} 元",
        f"{point.item}: {en} to be established ({point.clause}); it could add CNY {adds}",
    )
