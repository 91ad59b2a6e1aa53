"""The family of commands: the name and help of each here, its work in the module of its name, with the same two verbs.

So the list of commands is shown without any room, and a command loads only what it needs itself.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import cast

from ringwall.basics import Words
from ringwall.shell.cli.parser import Listed, Work


def _work(name: str) -> Work:
    return cast(Work, import_module(f"ringwall.shell.cli.commands.{name}"))


HELPS = {
    "settle": Words(
        "理算一个损失事件：事实损失、承保范围内损失、应付赔款，逐项结论与条款\n\n"
        "示例：ringwall settle docs/samples/event.yaml --state aggregate_used=120000000 --trace\n"
        "金额均为整数分。--json 的输出可以交给 verify 复核。",
        "settle one loss event: factual loss, loss within cover, payable, with verdict and clause of each item\n\n"
        "Example: ringwall settle docs/samples/event.yaml --state aggregate_used=120000000 --trace\n"
        "Amounts are whole fen. What --json prints is a file that verify takes.",
    ),
    "price": Words(
        "为一个风险定价：保费瀑布、整改清单及每项整改节省的保费\n\n"
        "示例：ringwall price docs/samples/risk.yaml --schedule event_limit=500000000,aggregate_limit=800000000",
        "price one risk: premium waterfall, and a fix list with what each fix saves\n\n"
        "Example: ringwall price docs/samples/risk.yaml --schedule event_limit=500000000,aggregate_limit=800000000",
    ),
    "scan": Words(
        "从外部检查资产：须有授权书和控制权证明，否则不发送数据包\n\n"
        "先生成令牌：ringwall scan --consent consent.yaml --new-proofs proofs.json domain:example.com\n"
        "发布后检查：ringwall scan --consent consent.yaml --proofs proofs.json domain:example.com www.example.com\n"
        "本机演示环境：ringwall scan --consent docs/samples/consent.yaml --lab binding",
        "look at assets from outside: with a consent and proof of control only, else no packet leaves\n\n"
        "Make tokens first: ringwall scan --consent consent.yaml --new-proofs proofs.json domain:example.com\n"
        "Publish them, then: ringwall scan --consent consent.yaml --proofs proofs.json domain:example.com "
        "www.example.com\n"
        "The lab on this machine: ringwall scan --consent docs/samples/consent.yaml --lab binding",
    ),
    "traffic": Words(
        "读取 Suricata EVE、Zeek 日志或 nfdump 流文件：按小时计数、值得关注的记录、指标、被拒的行\n\n"
        "示例：ringwall traffic eve.json --inside 10.41.0.0/16 --key-file insured.key\n"
        "内网地址一律以假名出现；没有 --key-file 时每次运行的假名不同。被拒的行逐行列出，其余照收。",
        "read a file of Suricata (EVE), Zeek or nfdump: hourly counts, rows of interest, indicators, rejected lines\n\n"
        "Example: ringwall traffic eve.json --inside 10.41.0.0/16 --key-file insured.key\n"
        "Inside addresses appear under pseudonyms only; without --key-file every run has its own. Rejected lines are "
        "named, the others are taken.",
    ),
    "portfolio": Words(
        "业务组合：simulate 模拟，totals 以合计模拟任意大小，check 检查文件，oed 写成 OED，oasis 与 Oasis 逐笔比较\n\n"
        "示例：ringwall portfolio simulate docs/samples/book.csv --years 10000；ringwall portfolio check book.parquet",
        "a book: simulate it, totals (of any size, in sums), check (a file of any size), oed (write OED files), oasis "
        "(compare)\n\n"
        "Example: ringwall portfolio simulate docs/samples/book.csv --years 10000; "
        "ringwall portfolio check book.parquet",
    ),
    "model": Words(
        "损失模型：check 检验，fit 用自己的理赔重新拟合，compare 比较版本，card 模型卡\n\n"
        "示例：ringwall model fit docs/samples/claims.csv docs/samples/exposure.csv；ringwall model card",
        "the loss model: check (K1 to K21), fit (to own claims), compare (two versions), card (what it is for and "
        "rests on)\n\n"
        "Example: ringwall model fit docs/samples/claims.csv docs/samples/exposure.csv, ringwall model card",
    ),
    "product": Words(
        "产品版本：check 检查（解析、规则、证明、示例、条款覆盖率、改动得分），show 显示条款与参数，\n"
        "new 新草稿，diff 比较版本，backtest 重新理算，pack 备案材料，booklet 客户手册\n\n"
        "示例：ringwall product check；ringwall product show enterprise-cyber/2026-01 --lang en",
        "product versions: check (parse, lints, proof, examples, coverage of clauses, mutation score), show,\n"
        "new (a draft), diff (two editions), backtest (settle again), pack (for the filing), "
        "booklet (for the customer)\n\n"
        "Example: ringwall product check, ringwall product show enterprise-cyber/2026-01 --lang en",
    ),
    "verify": Words(
        "复核一个文件：理算、共保记账、授权记录链、保险单明细表\n\n"
        "示例：ringwall verify docs/samples/panel-log.json\n"
        "文件的 kind 说明它是什么：settlement（重新理算并逐个数字比对）、panel_log（按累计总额重算各家份额）、"
        "consent_chain（散列链）、schedule_document（验证码）。不一致时退出代码为 1，并指出第一处。",
        "recompute a file: a settlement, a panel's log, a chain of consents, a policy schedule\n\n"
        "Example: ringwall verify docs/samples/panel-log.json\n"
        "Its `kind` says what it is: settlement (settled again, every number compared), panel_log (each carrier's "
        "part by running totals), consent_chain (hashes), schedule_document (verification code). Where something "
        "differs the exit code is 1 and the first place is named.",
    ),
}
COMMANDS: tuple[Listed, ...] = tuple(Listed(name, said, partial(_work, name)) for name, said in HELPS.items())
