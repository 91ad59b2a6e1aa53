"""A write happens once, the audit chain holds, files are sealed, and letters leave with their transaction."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors
from tests.shell.store.conftest import Town

from ringwall.basics import Refusal, Words, refuse
from ringwall.desk.doors import Letter, Movement, PanelLine
from ringwall.shell.jobs import queue
from ringwall.shell.store.connection import acting_for
from ringwall.shell.store.files import FileRoom, FileStore, master_key
from ringwall.shell.store.money import JournalRows, PanelRows
from ringwall.shell.store.people import add_person, sign_in, sign_out, speaker
from ringwall.shell.store.writes import NumberRows, OnceRows, PostRows, wake

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_the_same_key_with_the_same_content_gives_the_stored_answer_and_does_the_work_once(town: Town) -> None:
    done: list[str] = []

    def work() -> str:
        done.append("once")
        return f"answer {len(done)}"

    for _ in range(3):
        with acting_for(town.pool, town.insured) as connection:
            assert OnceRows(connection, town.insured)("k1", {"a": 1}, str, work) == "answer 1"
    assert done == ["once"]


def test_the_same_key_with_other_content_is_its_own_refusal(town: Town) -> None:
    with acting_for(town.pool, town.insured) as connection:
        once = OnceRows(connection, town.insured)
        once("k1", {"a": 1}, str, lambda: "first")
        refused = once("k1", {"a": 2}, str, lambda: "second")
    assert isinstance(refused, Refusal)
    assert refused.code == "idempotency_key_reused"


def test_keys_of_different_organisations_do_not_meet(town: Town) -> None:
    for organisation, answer in ((town.insured, "mine"), (town.lead, "yours")):
        with acting_for(town.pool, organisation) as connection:
            assert OnceRows(connection, organisation)("k1", {"for": answer}, str, lambda a=answer: a) == answer


def test_a_refused_work_keeps_its_key_free(town: Town) -> None:
    with acting_for(town.pool, town.insured) as connection:
        once = OnceRows(connection, town.insured)
        assert isinstance(once("k1", {}, str, lambda: refuse("no", "x", zh="否", en="no")), Refusal)
        assert once("k1", {}, str, lambda: "yes") == "yes"


def test_numbers_have_no_gap_after_a_transaction_that_was_rolled_back(town: Town) -> None:
    with acting_for(town.pool, town.lead) as connection:
        assert NumberRows(connection, town.lead).next("P") == "P-000001"
    with pytest.raises(RuntimeError), acting_for(town.pool, town.lead) as connection:
        NumberRows(connection, town.lead).next("P")
        raise RuntimeError
    with acting_for(town.pool, town.lead) as connection:
        assert NumberRows(connection, town.lead).next("P") == "P-000002"


def chain(town: Town) -> list[dict[str, object]]:
    with acting_for(town.pool, town.insured) as connection:
        return connection.execute("select * from ringwall.audit_entry order by sequence").fetchall()


def add_asset(town: Town, name: str) -> None:
    with acting_for(town.pool, town.insured) as connection:
        connection.execute(
            "insert into ringwall.asset (owner_id, object_id, number, effective_at, known_at, body) "
            "values (%s, %s, %s, now(), now(), '{}')",
            (town.insured, town.object_id, name),
        )


def test_the_audit_chain_has_no_broken_link_under_concurrent_writers(town: Town) -> None:
    threads = [threading.Thread(target=add_asset, args=(town, f"a-{n}")) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    links = chain(town)
    assert [link["sequence"] for link in links] == list(range(1, 25))
    previous = b""
    for link in links:
        head = f"{link['noun']}\x1f{link['row_id']}\x1f".encode()
        assert link["previous_hash"] == previous
        assert link["hash"] == hashlib.sha256(previous + head + bytes(link["content_hash"])).digest()  # type: ignore[arg-type]
        previous = bytes(link["hash"])  # type: ignore[arg-type]


def test_nobody_writes_the_audit_chain_by_hand(town: Town) -> None:
    with pytest.raises(errors.InsufficientPrivilege), acting_for(town.pool, town.insured) as connection:
        connection.execute(
            "insert into ringwall.audit_entry (owner_id, sequence, noun, row_id, content_hash, previous_hash, hash) "
            "values (%s, 1, 'x', 'x', '', '', '')",
            (town.insured,),
        )


def post(town: Town, acting: object, number: int, total: int, parts: dict[object, int], name: str = "P1") -> None:
    amount, day = sum(parts.values()), date(2026, 6, 5)
    lines = [
        PanelLine("panel", "claim", number, name, carrier, place, amount, total, part, "lead", day, AT)  # type: ignore[arg-type]
        for place, (carrier, part) in enumerate(parts.items(), start=1)
    ]
    with acting_for(town.pool, acting) as connection:  # type: ignore[arg-type]
        PanelRows(connection).post(town.object_id, lines)


def test_each_carrier_sees_the_whole_chain_and_a_stranger_sees_none(town: Town) -> None:
    post(town, town.lead, 1, 100, {town.lead: 60, town.follower: 40})
    for carrier in (town.lead, town.follower):
        with acting_for(town.pool, carrier) as connection:
            assert [line.part_minor for line in PanelRows(connection).all()] == [60, 40]
    for stranger in (*town.strangers.values(), town.insured):
        with acting_for(town.pool, stranger) as connection:
            assert PanelRows(connection).all() == ()


def test_only_the_lead_posts_to_a_panel(town: Town) -> None:
    for other in (town.follower, town.insured, *town.strangers.values()):
        with pytest.raises(errors.InsufficientPrivilege):
            post(town, other, 1, 100, {town.lead: 60, town.follower: 40})


def test_parts_that_do_not_sum_and_totals_that_do_not_go_on_are_refused_by_the_database(town: Town) -> None:
    post(town, town.lead, 1, 100, {town.lead: 60, town.follower: 40})
    with pytest.raises(errors.SerializationFailure):
        post(town, town.lead, 2, 150, {town.lead: 60, town.follower: 40}, "P2")
    with pytest.raises(errors.SerializationFailure):
        post(town, town.lead, 3, 200, {town.lead: 60, town.follower: 40}, "P2")
    with pytest.raises(errors.InsufficientPrivilege):
        post(town, town.lead, 2, 200, {town.lead: 60, town.strangers["insurer"]: 40}, "P2")
    post(town, town.lead, 2, 200, {town.lead: 60, town.follower: 40}, "P2")


def test_entering_an_entry_twice_books_nothing_twice(town: Town) -> None:
    def enter() -> None:
        with acting_for(town.pool, town.lead) as connection:
            JournalRows(connection, town.lead).enter(
                "premium-1",
                [Movement("cash", "premium", 100)],
                object_id=town.object_id,
                effective_on=date(2026, 1, 1),
                known_at=AT,
                reference="P-1",
            )

    enter()
    with pytest.raises(errors.UniqueViolation):
        enter()
    with acting_for(town.pool, town.lead) as connection:
        assert len(JournalRows(connection, town.lead).all()) == 1
    with acting_for(town.pool, town.follower) as connection:
        assert JournalRows(connection, town.follower).all() == ()


def test_a_letter_is_delivered_once_to_whoever_holds_its_role(town: Town) -> None:
    queue.install(town.owner_url)
    jobs = queue.make_queue(town.owner_url)
    letter = Letter(town.object_id, "notice", "insured", Words("通知", "Notice"), Words("请整改", "Fix it"), "/x", AT)
    with acting_for(town.pool, town.lead) as connection:
        PostRows(connection, town.lead, wake).send(letter)
    queue.drain(jobs)
    queue.drain(jobs)
    with psycopg.connect(town.owner_url) as owner:
        owner.execute("select ringwall.deliver(id) from ringwall.outbox")
    with acting_for(town.pool, town.insured) as connection:
        (received,) = PostRows(connection, town.insured, wake).inbox()
    assert received.subject.en == "Notice"
    assert received.delivered_at is not None
    with acting_for(town.pool, town.follower) as connection:
        assert PostRows(connection, town.follower, wake).inbox() == ()


def test_a_letter_of_a_transaction_that_was_rolled_back_never_leaves(town: Town) -> None:
    queue.install(town.owner_url)
    letter = Letter(town.object_id, "notice", "insured", Words("通知", "Notice"), Words("请", "Do"), "/x", AT)
    with pytest.raises(RuntimeError), acting_for(town.pool, town.lead) as connection:
        PostRows(connection, town.lead, wake).send(letter)
        raise RuntimeError
    queue.drain(queue.make_queue(town.owner_url))
    with acting_for(town.pool, town.insured) as connection:
        assert PostRows(connection, town.insured, wake).inbox() == ()


def test_a_file_is_stored_once_by_content_and_only_as_ciphertext(town: Town, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files", master_key(tmp_path / "key"))
    content = b"policy schedule of Jiangkou" * 40
    with acting_for(town.pool, town.lead) as connection:
        room = FileRoom(connection, town.lead, store)
        first = room.put(town.object_id, "schedule.pdf", "application/pdf", content)
        again = room.put(town.object_id, "schedule.pdf", "application/pdf", content)
    assert first == again
    assert first.sha256 == hashlib.sha256(content).hexdigest()
    kept = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert b"Jiangkou" not in kept[0].read_bytes()
    assert first.sha256 not in kept[0].name
    with acting_for(town.pool, town.follower) as connection:
        room = FileRoom(connection, town.follower, store)
        (seen,) = room.of_object(town.object_id)
        assert room.read(seen) == content
    with acting_for(town.pool, town.strangers["insurer"]) as connection:
        assert FileRoom(connection, town.strangers["insurer"], store).of_object(town.object_id) == ()


def test_signing_in_gives_a_session_that_ends_with_signing_out(town: Town) -> None:
    add_person(
        town.pool, town.lead, sign_in_name="lin", display_name="林", role="underwriter", password="right horse 77"
    )
    assert isinstance(sign_in(town.pool, "lin", "wrong"), Refusal)
    assert isinstance(sign_in(town.pool, "nobody", "right horse 77"), Refusal)
    token = sign_in(town.pool, "lin", "right horse 77")
    assert isinstance(token, str)
    speaking = speaker(town.pool, token)
    assert speaking is not None
    assert (speaking.organisation_id, speaking.role) == (town.lead, "underwriter")
    assert speaker(town.pool, token + "x") is None
    sign_out(town.pool, town.lead, token)
    assert speaker(town.pool, token) is None


def test_a_session_token_of_another_database_is_nobody(town: Town) -> None:
    assert speaker(town.pool, str(uuid4())) is None
