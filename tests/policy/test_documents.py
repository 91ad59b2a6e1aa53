"""The schedule says all that the version says, in both languages, and its code changes with its content."""

from __future__ import annotations

import re
from dataclasses import replace

from ringwall.basics import Words
from ringwall.policy import Closing, Policy, ScheduleDocument, schedule


def written(policy: Policy, closing: Closing) -> ScheduleDocument:
    return schedule(policy.number, policy.newest, closing.explanations)


def test_the_schedule_has_a_section_for_each_thing_the_law_asks_for(policy: Policy, closing: Closing) -> None:
    headings = [table.heading.zh for table in written(policy, closing).tables]
    assert headings == [
        "合同",
        "当事人",
        "共保体",
        "保险责任与限额",
        "条款",
        "特别约定（优先于条款）",
        "包含的网络安全服务",
        "保险费",
        "提示与明确说明记录",
    ]


def test_every_row_fits_its_columns_and_has_both_languages(policy: Policy, closing: Closing) -> None:
    for table in written(policy, closing).tables:
        assert table.rows
        for row in table.rows:
            assert len(row) == len(table.columns)
            assert all(cell.zh and cell.en for cell in row)


def test_the_panel_is_printed_with_lead_and_shares(policy: Policy, closing: Closing) -> None:
    panel = written(policy, closing).tables[2]
    assert [(row[0].en, row[1].zh, row[2].en) for row in panel.rows] == [
        ("Lead insurer", "首岸财产保险", "40 %"),
        ("Follower", "中流财产保险", "35 %"),
        ("Follower", "远桥财产保险", "25 %"),
    ]


def test_the_premium_is_printed_in_yuan(policy: Policy, closing: Closing) -> None:
    premium = written(policy, closing).tables[7]
    assert [row[1].zh for row in premium.rows[:3]] == ["150,000.00 元", "9,000.00 元", "159,000.00 元"]


def test_a_void_clause_is_printed_as_void(policy: Policy, closing: Closing) -> None:
    content = replace(policy.newest.content, explained={"1.3": True, "3.2": False})
    document = schedule("P-1", replace(policy.newest, content=content), closing.explanations)
    assert [row[2].en for row in document.tables[4].rows] == ["works", "works", "not explained, void"]
    assert document.tables[8].rows[1][4].zh == "未确认，不生效"


def test_the_same_version_gives_the_same_code(policy: Policy, closing: Closing) -> None:
    code = written(policy, closing).verification_code
    assert re.fullmatch(r"([0-9A-F]{4}-){4}[0-9A-F]{4}", code)
    assert written(policy, closing).verification_code == code


def test_another_word_gives_another_code(policy: Policy, closing: Closing) -> None:
    changed = replace(policy.newest, because=Words("更正", "corrected"))
    other = schedule(policy.number, changed, closing.explanations)
    assert other.verification_code != written(policy, closing).verification_code


def test_the_order_in_which_a_store_gives_confirmations_back_changes_nothing(policy: Policy, closing: Closing) -> None:
    content = policy.newest.content
    turned = replace(content, explained=dict(reversed(content.explained.items())))
    other = schedule(policy.number, replace(policy.newest, content=turned), closing.explanations)
    assert other == written(policy, closing)


def test_the_rate_factor_is_printed_with_four_places(policy: Policy, closing: Closing) -> None:
    assert [row[1].en for row in written(policy, closing).tables[7].rows][3] == "1.2000"
