"""The checks K1 to K21 as data: published figures that the model must reproduce for the population that was counted.

The numbers are facts cited with their source; how each is computed stands beside it, the code in `figures.py` here and
in `portfolio/checks`. K4 and K5 were never set.
"""

from __future__ import annotations

import math
from datetime import date

from ringwall.basics import Words
from ringwall.risk.checks.record import Check, FigureUnit, Target
from ringwall.risk.model import Span

SHARE, USD, MULTIPLE, LOG = FigureUnit
SME = Words(
    "北美与英国小企业，营业收入 100 万至 2500 万美元", "small firms in the US, Canada and the UK, revenue 1M to 25M USD"
)
PILOT = Words(
    "中国首批试点的平均保单：1,500 张，限额 767 万元，保费 10 万元，免赔 5 万元",
    "average policies of the first Chinese pilot: 1,500, limit 7.67M CNY, premium 100k CNY, deductible 50k CNY",
)
ONE_MILLION = Words(
    "美国小企业，营业收入、限额均为 100 万美元，免赔 1 万美元",
    "US small firms, revenue 1M, limit 1M, retention 10k USD",
)
BOOK_RUN = Words(
    "整个业务组合逐年模拟，经编译后的条款结算", "the whole book simulated year by year, settled by compiled terms"
)
COALITION = "Coalition 2025 report"
GUY_CARPENTER = "Guy Carpenter 2023 (three vendor models, 14bn of premium); CyberCube 2024"


HILL = Words(
    "模型的记录数为对数正态，尾部渐轻，最大十分之一的指数略高于公开数据；封顶前仍小于 1，故同样不予无封顶运行",
    "records are lognormal in the model: that tail grows lighter, so the largest tenth decays a little faster than in "
    "the public data; before the cap it stays below 1, so that running without the cap is refused all the same",
)


def at(value: float) -> Span:
    """A single published number."""
    return Span(value, value)


CHECKS: tuple[Check, ...] = (
    Check(
        "K1",
        Words("小企业组合的索赔频率", "claim frequency of a small-business book"),
        SME,
        COALITION,
        date(2024, 12, 31),
        Words("五档营业收入的平均频率，闭式", "mean frequency over five classes of revenue, closed form"),
        (
            Target(
                "K1",
                Words("每保单年索赔次数", "claims a policy-year"),
                SHARE,
                at(0.0148),
                Span(0.011, 0.019),
            ),
        ),
    ),
    Check(
        "K2",
        Words("索赔的构成", "what the claims are"),
        Words("营业收入 500 万美元的企业", "firms with a revenue of 5M USD"),
        COALITION,
        date(2024, 12, 31),
        Words("频率之比，闭式", "ratio of frequencies, closed form"),
        (
            Target(
                "K2.fraud",
                Words("资金转移欺诈与邮件诈骗之占比", "share of transfer and e-mail fraud"),
                SHARE,
                at(0.60),
                Span(0.52, 0.66),
            ),
            Target(
                "K2.ransomware",
                Words("勒索软件之占比", "share of ransomware"),
                SHARE,
                at(0.21),
                Span(0.17, 0.25),
            ),
        ),
    ),
    Check(
        "K3",
        Words("各风险的平均损失", "mean claim by peril"),
        SME,
        COALITION,
        date(2024, 12, 31),
        Words("分层抽样，免赔前各项损失之和", "stratified draws, all parts from the ground up"),
        tuple(
            Target(
                f"K3.{peril}",
                Words(f"{peril} 平均损失", f"mean {peril} claim"),
                USD,
                at(published),
                Span(low, high),
            )
            for peril, published, low, high in (
                ("RAN", 292_000, 190_000, 380_000),
                ("FTF", 185_000, 125_000, 240_000),
                ("BEC", 35_000, 24_000, 46_000),
            )
        ),
    ),
    Check(
        "K6",
        Words("发生营业中断的勒索事件", "ransomware events with an interruption"),
        Words("营业收入 8000 万美元的企业", "firms with a revenue of 80M USD"),
        "NetDiligence 2024 (10,464 claims, 2019 to 2023)",
        date(2023, 12, 31),
        Words(
            "分层抽样，等待期 10 小时，限于有中断损失者", "stratified draws, ten hours waited, given a loss of income"
        ),
        (
            Target("K6.bi", Words("营业中断损失", "loss of income"), USD, at(487_000), Span(350_000, 650_000)),
            Target("K6.total", Words("总损失", "whole claim"), USD, at(995_000), Span(700_000, 1_400_000)),
        ),
    ),
    Check(
        "K7",
        Words("勒索事件后的停机时长", "downtime after ransomware"),
        Words("3,400 家受害企业", "3,400 victims"),
        "Sophos 2025",
        date(2025, 6, 30),
        Words("分层抽样的份额", "shares among stratified draws"),
        (
            Target("K7.week", Words("一周内恢复", "back within a week"), SHARE, at(0.53), Span(0.49, 0.57)),
            Target("K7.month", Words("超过 30 天", "above 30 days"), SHARE, None, Span(0.05, 0.18)),
        ),
    ),
    Check(
        "K8",
        Words("赎金要求", "ransom demands"),
        Words("谈判记录 201 份；模型取营业收入 5000 万美元", "201 negotiation chats; in the model revenue 50M USD"),
        "own computation on Ransomchats (to 2022)",
        date(2022, 12, 31),
        Words("分层抽样的中位数与份额", "median and share among stratified draws"),
        (
            Target("K8.median", Words("中位数", "median"), USD, at(550_000), Span(350_000, 950_000)),
            Target(
                "K8.million",
                Words("100 万美元以上", "a million and more"),
                SHARE,
                at(0.37),
                Span(0.28, 0.47),
            ),
        ),
    ),
    Check(
        "K9",
        Words("一亿条记录泄露的费用", "cost of a breach of 100M records"),
        Words("持有一亿条以上记录的企业", "holders of 100M records and more"),
        "Cyentia IRIS 20/20 (2020)",
        date(2020, 3, 18),
        Words("分层抽样的份额", "share among stratified draws"),
        (
            Target(
                "K9",
                Words("不低于 1000 万美元", "10M USD and more"),
                SHARE,
                Span(0.5, math.inf),
                Span(0.35, 0.65),
            ),
        ),
    ),
    Check(
        "K10",
        Words("泄露记录数的离散与尾部", "spread and tail of breached records"),
        Words(
            "上报门槛 500 条以上的泄露，各种规模的医疗机构（模型：营业收入中位数 5000 万美元，对数标准差 2，D 级）",
            "breaches of 500 records and more, health organisations of all sizes (in the model: median revenue 50M "
            "USD, ln standard deviation 2, grade D)",
        ),
        "HHS breach portal 2009 to 2016, own computation; Maillart and Sornette 2010",
        date(2016, 9, 30),
        Words(
            "未封顶的抽样，取 500 条以上；最大十分之一的 Hill 估计。指数小于 1 时均值无穷：没有封顶的模型不予运行",
            "draws of records without their cap, above 500; Hill's estimate on the largest tenth. Below 1 the mean is "
            "infinite: a model without a cap is refused",
        ),
        (
            Target("K10.sd", Words("对数标准差", "ln standard deviation"), LOG, at(1.63), Span(1.6, 2.4)),
            Target(
                "K10.hill",
                Words("Hill 指数", "Hill exponent"),
                MULTIPLE,
                Span(0.6, 0.8),
                Span(0.4, 0.8),
                HILL,
            ),
        ),
    ),
    Check(
        "K11",
        Words("小企业保费", "premium of a small firm"),
        ONE_MILLION,
        "AdvisorSmith, 43 filings: 1,485 (2019/20) and 1,589 (2021)",
        date(2021, 4, 29),
        Words(
            "（层损失 + 系统性损失）÷ 目标赔付率 0.55",
            "(layer losses + common shocks) over a target loss ratio of 0.55",
        ),
        (Target("K11", Words("年保费", "premium a year"), USD, Span(1_485, 1_589), Span(650, 2_357)),),
    ),
    Check(
        "K12",
        Words("限额系数（以 100 万美元为 1）", "increased limits, 1M USD as one"),
        ONE_MILLION,
        "AdvisorSmith 2021: 739 at 250k, 1,146 at 500k",
        date(2021, 4, 29),
        Words(
            "同一抽样下层损失之比；市场限额系数是另一项参数，两者并列",
            "ratio of layer losses on the same draws; the market's exponent stands beside it as a parameter of its own",
        ),
        (
            Target("K12.250k", Words("25 万美元", "250k"), MULTIPLE, Span(0.465, 0.50), Span(0.45, 0.80)),
            Target("K12.500k", Words("50 万美元", "500k"), MULTIPLE, Span(0.72, 0.77), Span(0.70, 0.92)),
            Target(
                "K12.concave",
                Words("单位限额费率是否递减（1 为是）", "rate per limit falls (1 is yes)"),
                MULTIPLE,
                None,
                at(1.0),
            ),
        ),
    ),
    Check(
        "K13",
        Words("大企业与小企业的频率之比", "frequency of a large firm against a small one"),
        Words("营业收入 10 亿与 500 万美元", "revenue 1bn and 5M USD"),
        "Cyentia IRIS 2025 (1.4); Coalition revenue bands (about 6)",
        date(2025, 12, 31),
        Words("闭式", "closed form"),
        (
            Target("K13", Words("倍数", "multiple"), MULTIPLE, Span(1.4, 6.0), Span(1.4, 8.0)),
            Target(
                "K13.monotone",
                Words("随营业收入不减（1 为是）", "never falls with revenue (1 is yes)"),
                MULTIPLE,
                None,
                at(1.0),
            ),
        ),
    ),
    Check(
        "K14",
        Words("一次共同冲击占保费的比例", "one event as a share of premium, once in so many years"),
        PILOT,
        GUY_CARPENTER,
        date(2024, 12, 31),
        BOOK_RUN,
        (
            Target("K14.5", Words("五年一遇", "once in 5 years"), SHARE, Span(0.03, 0.10), Span(0.02, 0.15)),
            Target("K14.50", Words("五十年一遇", "once in 50 years"), SHARE, Span(0.39, 1.74), Span(0.39, 1.74)),
            Target(
                "K14.200",
                Words("二百年一遇", "once in 200 years"),
                SHARE,
                Span(1.11, 2.39),
                Span(1.11, 2.45),
            ),
        ),
    ),
    Check(
        "K15",
        Words("2024 年 7 月 19 日错误更新重演", "the bad update of 19 July 2024 again"),
        Words(
            "财富 500 强，其中 298 家用该终端代理；营业收入平均 376 亿美元",
            "the Fortune 500, 298 of them customers of the agent; mean revenue 37.6bn USD",
        ),
        "Parametrix 2024: 125 firms, 44M each (6M manufacturing to 143M airlines); customers, revenue by own knowledge",
        date(2024, 7, 31),
        Words(
            "S4 触及该供应商；每家损失按停产的营业收入计（公布数为经济损失），毛利口径为其 0.35",
            "S4 reaches that vendor; the loss of each is output lost at revenue (the published figure is economic), "
            "0.35 of it in gross profit",
        ),
        (
            Target("K15.hit", Words("受损企业占比", "share of firms hit"), SHARE, at(0.25), Span(0.15, 0.35)),
            Target(
                "K15.loss",
                Words("每家受损企业的损失", "loss of a firm hit"),
                USD,
                at(44e6),
                Span(15e6, 80e6),
            ),
        ),
    ),
    Check(
        "K16",
        Words("去掉共同原因", "common causes switched off"),
        PILOT,
        "Zeller and Scherer 2024 (secondary): VaR 99.5 76 instead of 113",
        date(2024, 12, 31),
        Words(
            "同一模拟中，每张保单的年份各自随机重排：单张分布不变，共同性消失",
            "in the same run each policy's years are shuffled by themselves: no policy changes, nothing is common",
        ),
        (
            Target("K16.mean", Words("均值的变动", "change of the mean"), SHARE, at(0.0), Span(-0.02, 0.02)),
            Target(
                "K16.var",
                Words("VaR 99.5 的变动", "change of VaR 99.5"),
                SHARE,
                at(-0.33),
                Span(-0.80, -0.20),
            ),
        ),
    ),
    Check(
        "K17",
        Words("试点价格下的赔付率", "loss ratio at the pilot's prices"),
        PILOT,
        "MIIT pilot 2024, news.cn 2025-07-29: rate on line 1.30 %; ratios of a first reference run",
        date(2025, 7, 29),
        BOOK_RUN,
        (
            Target("K17.attritional", Words("单独事件", "single events"), SHARE, None, Span(0.10, 0.40)),
            Target("K17.cat", Words("共同冲击", "common shocks"), SHARE, None, Span(0.08, 0.20)),
        ),
    ),
    Check(
        "K18",
        Words("控制措施最差与最好之比", "worst controls against best"),
        Words("平均企业，已知的全部控制措施", "the average firm, every control known"),
        "Marsh McLennan 2023 (hardening about 6), Coalition (1.33 to 5)",
        date(2023, 12, 31),
        Words(
            "勒索与泄露的频率：全部失效 ÷ 全部保持，闭式",
            "ransomware and breach: all broken over all held, closed form",
        ),
        (Target("K18", Words("倍数", "multiple"), MULTIPLE, Span(5.0, 6.0), Span(3.0, 7.0)),),
    ),
    Check(
        "K19",
        Words("月度次数的过度离散", "over-dispersion of monthly counts"),
        Words("每月平均 20.1 起的上报泄露", "reported breaches, 20.1 a month on average"),
        "HHS 2009 to 2016 (20.1/43.9 and 38.3/261.8), own computation",
        date(2016, 9, 30),
        Words("混合泊松：1 + cv² × 月均值，闭式", "mixed Poisson: 1 + cv² × monthly mean, closed form"),
        (
            Target(
                "K19",
                Words("方差与均值之比", "variance over mean"),
                MULTIPLE,
                Span(2.2, 6.8),
                Span(1.5, math.inf),
            ),
        ),
    ),
    Check(
        "K20",
        Words("行业枢纽事件的波及面", "footprint of a sector hub"),
        Words("被触及行业内的企业", "the firms of the sector that is reached"),
        "Coalition 1H 2024: Change Healthcare 11 and 23 %, CDK 75 %",
        date(2024, 6, 30),
        Words("S8 触及该行业时受损份额的最小与最大", "smallest and largest share hit where S8 reaches the sector"),
        (
            Target("K20.low", Words("最小", "smallest"), SHARE, at(0.11), Span(0.10, 0.75)),
            Target("K20.high", Words("最大", "largest"), SHARE, at(0.75), Span(0.10, 0.75)),
        ),
    ),
    Check(
        "K21",
        Words("美国市场赔付率", "loss ratio of the US market"),
        ONE_MILLION,
        "NAIC 2019 to 2021: incurred 44.6 to 72.5 %; premium 1,537 by AdvisorSmith",
        date(2021, 12, 31),
        BOOK_RUN,
        (Target("K21", Words("平均赔付率", "mean loss ratio"), SHARE, Span(0.45, 0.73), Span(0.40, 0.80)),),
    ),
)
