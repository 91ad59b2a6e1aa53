"""What became of a message: the order of its marks, the first delivery, and receipts that come twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal, Words
from ringwall.monitoring import CHANNEL_NAMES, MARK_NAMES, Channel, DeliveryReceipt, Mark, Message, take_receipt

WRITTEN_AT = datetime(2026, 3, 2, 3, tzinfo=UTC)
WORDS = Words("书面建议", "Written suggestion")
MESSAGE = Message(
    UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4), "notice", "N-1", WORDS, WORDS, "/policy/P-1", WRITTEN_AT
)


def receipt(channel: Channel, mark: Mark, minutes: int, to: str = "") -> DeliveryReceipt:
    return DeliveryReceipt(channel, mark, to, WRITTEN_AT + timedelta(minutes=minutes), "proof")


RECEIPTS = st.builds(
    receipt, st.sampled_from(Channel), st.sampled_from(Mark), st.integers(-2, 30), st.sampled_from(["", "a", "b"])
)


@given(st.lists(RECEIPTS, max_size=25))
def test_whatever_comes_the_marks_of_each_way_are_in_order_and_the_first_delivery_never_moves_later(
    given_receipts: list[DeliveryReceipt],
) -> None:
    message = MESSAGE
    for each in given_receipts:
        taken = take_receipt(message, each)
        if isinstance(taken, Refusal):
            assert taken.message.zh
            assert taken.message.en
            continue
        assert taken.receipts[: len(message.receipts)] == message.receipts
        assert take_receipt(taken, each) == taken, "the same receipt twice changes nothing"
        if message.delivered_at is not None:
            assert taken.delivered_at is not None
            assert taken.delivered_at <= message.delivered_at
        message = taken
    assert all(each.at >= WRITTEN_AT for each in message.receipts)
    for way in {each.way for each in message.receipts}:
        at = {each.mark: each.at for each in message.receipts if each.way == way}
        assert len(at) == sum(each.way == way for each in message.receipts), "one receipt of a kind on a way"
        steps = [at[mark] for mark in (Mark.SENT, Mark.DELIVERED, Mark.READ) if mark in at]
        assert steps == sorted(steps)
        assert Mark.READ not in at or Mark.DELIVERED in at
    delivered = [each.at for each in message.receipts if each.mark is Mark.DELIVERED]
    assert message.delivered_at == min(delivered, default=None)


def test_a_failed_channel_starts_no_clock_and_another_may_still_deliver() -> None:
    failed = take_receipt(MESSAGE, receipt(Channel.SMTP, Mark.FAILED, 5, "a"))
    assert isinstance(failed, Message)
    assert failed.delivered_at is None
    assert len(failed.failures) == 1
    opened = take_receipt(failed, receipt(Channel.INBOX, Mark.DELIVERED, 9))
    assert isinstance(opened, Message)
    assert opened.delivered_at == WRITTEN_AT + timedelta(minutes=9)
    again = take_receipt(opened, receipt(Channel.SMTP, Mark.DELIVERED, 7, "a"))
    assert isinstance(again, Message)
    assert again.failures == (), "the address that failed was reached later"
    assert again.delivered_at == WRITTEN_AT + timedelta(minutes=7)


def test_nothing_is_read_that_was_not_delivered_and_nothing_comes_before_its_writing() -> None:
    unread = take_receipt(MESSAGE, receipt(Channel.INBOX, Mark.READ, 5))
    assert isinstance(unread, Refusal)
    assert unread.code == "message_not_delivered"
    early = take_receipt(MESSAGE, receipt(Channel.SMTP, Mark.DELIVERED, -1))
    assert isinstance(early, Refusal)
    assert early.code == "message_out_of_order"


def test_every_channel_and_mark_has_a_name_in_both_languages() -> None:
    assert set(CHANNEL_NAMES) == set(Channel)
    assert set(MARK_NAMES) == set(Mark)
