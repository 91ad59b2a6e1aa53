"""The inbox: what waits is counted on every page, opening is an act with a name, and the sender sees the marks."""

from __future__ import annotations

import re

from tests.shell.web.conftest import Portal

from ringwall.desk.monitoring.watch_policy import PREMIUM_CHANGE
from ringwall.monitoring import Mark, Message
from ringwall.shell.jobs.queue import drain

UNREAD = re.compile(r'aria-label="Inbox, (\d+) unread"')


def waiting(portal: Portal, person: str) -> int:
    found = UNREAD.search(portal.of(person).get("/inbox").text)
    assert found is not None
    return int(found[1])


def letters(portal: Portal, person: str) -> tuple[Message, ...]:
    return portal.house.front.ask(portal.speaker(person), lambda office: office.post.inbox())


def test_the_bell_of_every_page_counts_what_waits(reading: Portal) -> None:
    unread = sum(each.read_at is None for each in letters(reading, "jiangkou"))
    assert unread > 0
    for page in ("/", "/inbox", "/sent", "/claims"):
        found = UNREAD.search(reading.of("jiangkou").get(page).text)
        assert found is not None, page
        assert int(found[1]) == unread


def test_the_inbox_shows_unread_messages_first_and_never_their_text(reading: Portal) -> None:
    shown = reading.of("jiangkou").get("/inbox").text
    assert shown.index("message-unread") < shown.index("message-read")
    assert "message-unread" not in shown[shown.index("message-read") :]
    assert not [each for each in letters(reading, "jiangkou") if each.text.en in shown]


def test_a_message_is_read_only_after_it_was_opened_and_opening_it_is_recorded_under_the_persons_name(
    writing: Portal,
) -> None:
    client, before = writing.of("jiangkou"), waiting(writing, "jiangkou")
    message = next(each for each in letters(writing, "jiangkou") if each.topic == PREMIUM_CHANGE)
    closed = client.get(f"/inbox/{message.id}").text
    assert "Open the message" in closed
    assert message.text.en not in closed
    assert waiting(writing, "jiangkou") == before, "to look at it opens nothing"
    for _ in range(2):
        assert client.post(f"/inbox/{message.id}", data={"opened": "yes"}).headers["location"] == f"/inbox/{message.id}"
    opened = client.get(f"/inbox/{message.id}").text
    assert message.text.en.replace("'", "&#39;") in opened
    assert waiting(writing, "jiangkou") == before - 1
    (again,) = [each for each in letters(writing, "jiangkou") if each.id == message.id]
    proof = again.receipt(Mark.READ)
    assert proof is not None
    assert proof.proof == writing.speaker("jiangkou").display_name
    drain(writing.house.queue)


def test_the_sender_sees_sent_delivered_and_read_beside_the_notice_and_its_addressee_does_not(reading: Portal) -> None:
    notice = next(each for each in letters(reading, "jiangkou") if each.topic == "notice")
    sender, addressee = reading.of("shouan").get(notice.link).text, reading.of("jiangkou").get(notice.link).text
    for word in ("sent", "delivered", "read"):
        assert f"</span> {word}</span>" in sender[sender.index(f'id="{notice.about}"') :]
    assert 'class="marks"' not in addressee
    sent = reading.of("shouan").get("/sent").text
    assert notice.subject.en in sent
    assert "not delivered yet: no clock runs" in sent, "the letters that nobody has opened"


def test_the_claims_handler_sees_what_became_of_the_supplement_notice(reading: Portal) -> None:
    supplement = next(each for each in letters(reading, "jiangkou") if each.topic == "supplement")
    assert supplement.subject.en in reading.of("shouan.claims").get(supplement.link).text
    assert 'class="marks"' not in reading.of("jiangkou").get(supplement.link).text


def test_a_message_of_others_does_not_exist(reading: Portal) -> None:
    message = letters(reading, "jiangkou")[0]
    for person in ("zhongliu", "fengtai", "tongzhou", "supervision", "shouan"):
        for answer in (
            reading.of(person).get(f"/inbox/{message.id}"),
            reading.of(person).post(f"/inbox/{message.id}", data={"opened": "yes"}),
        ):
            assert answer.status_code == 404, person
            assert message.subject.en not in answer.text
        if person != "shouan":
            assert message.subject.en not in reading.of(person).get("/sent").text


def test_a_day_looked_back_to_shows_what_had_become_of_the_messages_by_then(reading: Portal) -> None:
    shown = reading.of("jiangkou").get("/inbox?at=2026-03-01").text
    assert "No message yet" in shown
    supplement = next(each for each in letters(reading, "jiangkou") if each.topic == "supplement")
    assert reading.of("jiangkou").get(f"/inbox/{supplement.id}?at=2026-03-01").status_code == 404


def test_the_inbox_speaks_both_languages(reading: Portal) -> None:
    shown = reading.of("jiangkou").get("/inbox?lang=zh").text
    assert "未读在前" in shown
    assert re.search(r'aria-label="收件箱，\d+ 条未读"', shown)
