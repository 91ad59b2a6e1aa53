"""Facts, their values and the numbers of the contract as people say them, in Chinese and English."""

from __future__ import annotations

from datetime import datetime

from ringwall.basics import SHANGHAI, Words, yuan
from ringwall.terms.definition import FactSpec
from ringwall.terms.facts import FactValue

MONEY_SUFFIX = "_minor"
"""A fact whose name ends so is an amount of money in whole minor units."""
SECONDS_AN_HOUR = 3_600
WHOLE_SHARE = 10_000

KINDS = {
    "administrative_fine": Words("行政罚款", "administrative fine"),
    "award": Words("仲裁裁决", "award"),
    "betterment": Words("升级改良费用", "betterment"),
    "cause_finding": Words("查明原因的费用", "cost of finding the cause"),
    "containment": Words("遏制处置费用", "cost of containment"),
    "contract_penalty": Words("合同违约金", "contract penalty"),
    "customer_loss": Words("客户损失", "loss of a customer"),
    "customer_response": Words("客户应急响应费用", "response at a customer"),
    "customer_restoration": Words("客户系统恢复费用", "restoration at a customer"),
    "data_restoration": Words("数据恢复费用", "restoration of data"),
    "data_theft": Words("数据窃取", "data theft"),
    "defence_costs": Words("抗辩费用", "defence costs"),
    "device_leak_damages": Words("设备泄露数据的赔偿", "damages for data leaked by a device"),
    "extra_expense": Words("额外费用", "extra expense"),
    "flooding": Words("流量攻击", "flooding"),
    "hardware_like_for_like": Words("同规格硬件更换费用", "hardware, like for like"),
    "interruption": Words("营业中断损失", "business interruption"),
    "intrusion": Words("入侵", "intrusion"),
    "judgment": Words("判决", "judgment"),
    "legal_advice": Words("法律咨询费用", "legal advice"),
    "liability_damages": Words("对第三者的赔偿", "damages owed to a third party"),
    "mitigation": Words("减损费用", "cost of mitigation"),
    "negotiator": Words("谈判顾问费用", "negotiator"),
    "notification": Words("通知费用", "cost of notification"),
    "other_attack": Words("其他攻击", "another kind of attack"),
    "patient_diversion": Words("患者分流损失", "diversion of patients"),
    "public_relations": Words("公关费用", "public relations"),
    "ransom": Words("赎金", "ransom"),
    "ransomware": Words("勒索软件", "ransomware"),
    "recalibration": Words("设备重新校准费用", "recalibration of equipment"),
    "regulatory_counsel": Words("监管应对律师费用", "counsel in regulatory proceedings"),
    "reissue": Words("重新发布费用", "reissue"),
    "service_credit": Words("服务抵扣", "service credit"),
    "service_damages": Words("专业服务的赔偿", "damages for professional services"),
    "settlement": Words("和解", "settlement"),
    "transferred_funds": Words("被骗划转的资金", "funds transferred by fraud"),
    "warranty_payment": Words("产品保证金赔付", "payment under a warranty"),
    "(other)": Words("其他", "something else"),
}
"""What the codes of word facts mean; a code that does not stand here is said as it is."""


def value_words(spec: FactSpec, value: FactValue) -> Words:
    """A value of the fact as people say it."""
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if isinstance(value, datetime):
        return instant_words(value)
    if isinstance(value, int):
        return amount_words(value) if spec.name.endswith(MONEY_SUFFIX) else Words(f"{value:,}", f"{value:,}")
    if value == "never":
        return Words("从未", "never")
    return KINDS.get(value) or Words(value.replace("_", " "), value.replace("_", " "))


def instant_words(value: datetime) -> Words:
    """An instant in the time of the contract; seconds only where there are any."""
    text = value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    return Words(f"北京时间 {text}", f"{text} Beijing time")


def amount_words(minor: int) -> Words:
    """Whole minor units as yuan, without a fraction where there is none."""
    text = yuan(minor).removesuffix(".00")
    return Words(f"{text} 元", f"{text} yuan")


def duration_words(seconds: int) -> Words:
    """Elapsed time in hours, and minutes or seconds where it is not whole."""
    hours, rest = divmod(seconds, SECONDS_AN_HOUR)
    minutes, left = divmod(rest, 60)
    counted = [(hours, "小时", "h"), (minutes, "分", "min"), (left, "秒", "s")]
    told = [part for part in counted if part[0]] or [counted[0]]
    return Words("".join(f" {n} {zh}" for n, zh, _ in told).strip(), " ".join(f"{n} {en}" for n, _, en in told))


def share_words(parts: int, whole: int = WHOLE_SHARE) -> Words:
    """A share as a percentage, exact to two places after the point where the whole is 10,000."""
    hundredths, rest = divmod(parts * 10_000, whole)
    if rest:
        return Words(f"{whole:,} 分之 {parts:,}", f"{parts:,} of {whole:,}")
    text = f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
    return Words(f"{text}%", f"{text}%")
