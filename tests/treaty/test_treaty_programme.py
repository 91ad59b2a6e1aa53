"""The programme file: what is read, and how each clash is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import ringwall
from ringwall.treaty import AnnualStopLoss, EventDefinition, EventExcess, Programme, QuotaShare, read_programme

TEXT = """
steps:
  - - {kind: quota_share, code: Q, ceded: 3/10}
  - - kind: event_excess
      code: L1
      attachment_minor: 100
      limit_minor: 50
      placed: 4/5
      premium_minor: 6
      reinstatement_charges: [1, 1/2]
      event: {hours_window: 72, min_policies_with_payment: 3}
  - - {kind: annual_stop_loss, code: S, attachment_minor: 10, limit_minor: 20, placed: 1}
"""


def test_a_programme_file_gives_its_treaties_in_inuring_order() -> None:
    definition = EventDefinition(hours_window=72, min_policies_with_payment=3)
    layer = EventExcess("L1", 100, 50, Fraction(4, 5), 6, (Fraction(1), Fraction(1, 2)), definition)
    expected = Programme(((QuotaShare("Q", Fraction(3, 10)),), (layer,), (AnnualStopLoss("S", 10, 20),)))
    assert read_programme(TEXT, "p.yaml") == expected


BROKEN = [
    ("kind: quota_share", "kind: surplus", "treaty_kind_unknown", "steps[0]"),
    ("ceded: 3/10", "ceded: 13/10", "treaty_unreadable", "steps[0] Q"),
    ("ceded: 3/10", "ceded: 3/0", "treaty_unreadable", "steps[0] Q"),
    ("limit_minor: 50", "limit_minor: 0", "treaty_unreadable", "steps[1] L1"),
    ("limit_minor: 50", "limit_minor: 5.5", "treaty_unreadable", "steps[1] L1"),
    ("attachment_minor: 10,", "attachment_minor: -10,", "treaty_unreadable", "steps[2] S"),
    ("code: S", "code: Q", "treaty_code_repeated", "Q"),
    ("steps:", "stairs:", "programme_unreadable", "p.yaml"),
    ("steps:", "steps: [", "programme_unreadable", "p.yaml"),
]


@pytest.mark.parametrize(("before", "after", "code", "place"), BROKEN)
def test_a_broken_programme_is_refused_with_its_place(before: str, after: str, code: str, place: str) -> None:
    (refusal,) = read_programme(TEXT.replace(before, after, 1), "p.yaml")  # type: ignore[misc]
    assert refusal.code == code
    assert place in refusal.where
    assert refusal.message.zh
    assert refusal.message.en


LAYER = "{{kind: event_excess, code: {0}, attachment_minor: {1}, limit_minor: 100, placed: {2}, premium_minor: 0}}"
SHARE = "{{kind: quota_share, code: {0}, ceded: {1}}}"
STEPS = [
    ([LAYER.format("A", 100, "1"), LAYER.format("B", 200, "1")], True),
    ([LAYER.format("A", 100, "1/2"), LAYER.format("B", 150, "1/2")], True),
    ([LAYER.format("A", 100, "1"), LAYER.format("B", 199, "1/2")], False),
    ([LAYER.format("A", 100, "1/2"), LAYER.format("B", 100, "1/2"), LAYER.format("C", 120, "1/9")], False),
    ([SHARE.format("A", "1/2"), SHARE.format("B", "1/2")], True),
    ([SHARE.format("A", "1/2"), SHARE.format("B", "3/5")], False),
    ([SHARE.format("A", "1/2"), LAYER.format("B", 100, "1/2")], False),
]


@pytest.mark.parametrize(("step", "good"), STEPS)
def test_treaties_of_one_step_may_not_take_more_than_the_whole_loss(step: list[str], good: bool) -> None:
    read = read_programme("steps:\n  - [" + ", ".join(step) + "]\n", "p.yaml")
    assert isinstance(read, Programme) is good
    if not isinstance(read, Programme):
        assert [(refusal.code, refusal.where) for refusal in read] == [("treaties_overlap", "p.yaml: steps[0]")]


def test_the_catalogues_programme_reads() -> None:
    text = (Path(ringwall.__file__).parent / "catalogue/book/treaties.yaml").read_text("utf-8")
    programme = read_programme(text, "treaties.yaml")
    assert isinstance(programme, Programme), programme
    assert [treaty.code for treaty in programme.treaties] == ["QS-2026", "XL1-2026", "XL2-2026", "SL-2026"]
