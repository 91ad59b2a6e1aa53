"""A write happens once, the audit chain holds, files are sealed, and letters leave with their transaction."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from psycopg import errors
from tests.shell.store.conftest import Town

from ringwall.basics import OrganisationId, Refusal, Words, refuse
from ringwall.desk.doors import Letter, Member
from ringwall.ledger import Account, Transfer
from ringwall.settlement import PanelAgreement, PanelEvent, PanelPosting, PostingKind
from ringwall.shell.jobs import queue
from ringwall.shell.store.connection import acting_for
from ringwall.shell.store.files import FileRoom, FileStore, master_key
from ringwall.shell.store.money import JournalRows, PanelRows
from ringwall.shell.store.people import NewPerson, ObjectRows, enrol, sign_in, sign_out, speaker
from ringwall.shell.store.post.box import PostRows
from ringwall.shell.store.writes import NumberRows, OnceRows

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = date(2026, 1, 5)


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


def agreement_of(shares: dict[str, Fraction]) -> PanelAgreement:
    return PanelAgreement("P-1", tuple(shares.items()), "lead", lead_authority_minor=1_000)


SHARES = {"lead": Fraction(3, 5), "follower": Fraction(2, 5)}


def posting_of(number: int, total: int, parts: dict[str, int]) -> PanelPosting:
    event = PanelEvent(PostingKind.INDEMNITY, sum(parts.values()), AT, "C-1", f"C-1:payment-{number}")
    return PanelPosting(number, event, total, tuple(parts.items()))


def post(
    town: Town, acting: UUID, number: int, total: int, parts: dict[str, int], carriers: dict[str, UUID] | None = None
) -> None:
    """One posting with the movement that it makes in each carrier's books."""
    posting, agreement = posting_of(number, total, parts), agreement_of(SHARES)
    reference = posting.event.reference
    movements = [
        Transfer(f"{reference}/{name}", Account(name, "claims_paid"), Account(name, "cash"), part, "CNY", DAY, AT)
        for name, part in parts.items()
    ]
    whom = carriers or {"lead": town.lead, "follower": town.follower}
    with acting_for(town.pool, acting) as connection:
        PanelRows(connection).post(town.object_id, agreement, posting, whom, movements)


def test_each_carrier_sees_the_whole_chain_and_its_own_books_and_a_stranger_sees_nothing(town: Town) -> None:
    post(town, town.lead, 1, 100, {"lead": 60, "follower": 40})
    for carrier, part in ((town.lead, 60), (town.follower, 40)):
        with acting_for(town.pool, carrier) as connection:
            (posting,) = PanelRows(connection).log(town.object_id)
            assert posting == posting_of(1, 100, {"lead": 60, "follower": 40})
            assert [each.amount_minor for each in JournalRows(connection, carrier).all()] == [part]
    for stranger in (*town.strangers.values(), town.insured):
        with acting_for(town.pool, stranger) as connection:
            assert PanelRows(connection).log(town.object_id) == ()
            assert JournalRows(connection, stranger).all() == ()


def test_only_the_lead_posts_to_a_panel(town: Town) -> None:
    for other in (town.follower, town.insured, *town.strangers.values()):
        with pytest.raises(errors.InsufficientPrivilege):
            post(town, other, 1, 100, {"lead": 60, "follower": 40})


def test_a_posting_that_does_not_go_on_from_the_last_one_is_refused_by_the_database(town: Town) -> None:
    post(town, town.lead, 1, 100, {"lead": 60, "follower": 40})
    with pytest.raises(errors.SerializationFailure):
        post(town, town.lead, 2, 150, {"lead": 60, "follower": 40})
    with pytest.raises(errors.SerializationFailure):
        post(town, town.lead, 3, 200, {"lead": 60, "follower": 40})
    stranger = {"lead": town.lead, "follower": town.strangers["insurer"]}
    with pytest.raises(errors.InsufficientPrivilege):
        post(town, town.lead, 2, 200, {"lead": 60, "follower": 40}, stranger)
    post(town, town.lead, 2, 200, {"lead": 60, "follower": 40})


def test_the_panel_of_one_object_takes_no_posting_for_another(town: Town) -> None:
    post(town, town.lead, 1, 100, {"lead": 60, "follower": 40})
    with acting_for(town.pool, town.insured) as connection:
        objects = ObjectRows(connection, town.insured)
        other = objects.open("FACTORY-SUB-000002")
        objects.share(other, town.lead, "lead")
    with acting_for(town.pool, town.lead) as connection:
        ObjectRows(connection, town.lead).share(other, town.follower, "follower")
    elsewhere = replace(town, object_id=other)
    with pytest.raises(errors.InsufficientPrivilege):
        post(elsewhere, town.lead, 2, 200, {"lead": 60, "follower": 40})


def test_entering_a_movement_twice_is_refused_by_its_id(town: Town) -> None:
    movement = Transfer("premium-1/1", Account("lead", "cash"), Account("lead", "premium"), 100, "CNY", DAY, AT)

    def enter() -> None:
        with acting_for(town.pool, town.lead) as connection:
            JournalRows(connection, town.lead).enter(town.object_id, [movement])

    enter()
    with pytest.raises(errors.UniqueViolation):
        enter()
    with acting_for(town.pool, town.lead) as connection:
        assert JournalRows(connection, town.lead).all() == (movement,)


def test_a_letter_is_delivered_once_to_whoever_holds_its_role(town: Town) -> None:
    queue.install(town.owner_url)
    jobs = queue.make_queue(town.owner_url)
    letter = Letter(town.object_id, "notice", "insured", Words("通知", "Notice"), Words("请整改", "Fix it"), "/x", AT)
    with acting_for(town.pool, town.lead) as connection:
        PostRows(connection, town.lead).send(letter)
    queue.drain(jobs)
    queue.drain(jobs)
    with psycopg.connect(town.owner_url) as owner:
        owner.execute("select ringwall.deliver(id) from ringwall.outbox")
    with acting_for(town.pool, town.insured) as connection:
        (received,) = PostRows(connection, town.insured).inbox()
    assert received.subject.en == "Notice"
    assert (received.sent_at, received.delivered_at, received.read_at) == (AT, None, None)
    with acting_for(town.pool, town.follower) as connection:
        assert PostRows(connection, town.follower).inbox() == ()


def test_a_letter_of_a_transaction_that_was_rolled_back_never_leaves(town: Town) -> None:
    queue.install(town.owner_url)
    letter = Letter(town.object_id, "notice", "insured", Words("通知", "Notice"), Words("请", "Do"), "/x", AT)
    with pytest.raises(RuntimeError), acting_for(town.pool, town.lead) as connection:
        PostRows(connection, town.lead).send(letter)
        raise RuntimeError
    queue.drain(queue.make_queue(town.owner_url))
    with acting_for(town.pool, town.insured) as connection:
        assert PostRows(connection, town.insured).inbox() == ()


def test_a_file_is_stored_once_by_content_and_only_as_ciphertext(town: Town, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files", master_key(tmp_path / "key"))
    content = b"policy schedule of Jiangkou" * 40
    with acting_for(town.pool, town.lead) as connection:
        room = FileRoom(connection, town.lead, store)
        first = room.put(town.object_id, "schedule.pdf", "application/pdf", content, readers=("follower",))
        again = room.put(town.object_id, "schedule.pdf", "application/pdf", content, readers=("follower",))
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


def test_evidence_is_read_by_the_lead_and_not_by_a_follower(town: Town, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files", master_key(tmp_path / "key"))
    with acting_for(town.pool, town.insured) as connection:
        FileRoom(connection, town.insured, store).put(town.object_id, "Q20.txt", "text/plain", b"console")
    with acting_for(town.pool, town.lead) as connection:
        assert [file.name for file in FileRoom(connection, town.lead, store).of_object(town.object_id)] == ["Q20.txt"]
    with acting_for(town.pool, town.follower) as connection:
        assert FileRoom(connection, town.follower, store).of_object(town.object_id) == ()


def test_signing_in_gives_a_session_that_ends_with_signing_out(town: Town) -> None:
    lead = Member(OrganisationId(town.lead), "lead", "insurer", Words("主承", "Lead"))
    enrol(town.pool, lead, [NewPerson("lin", "林", "underwriter", "right horse 77")], listed=True)
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


def test_a_password_takes_the_work_to_try_that_rfc_9106_asks_for_little_memory(real_hasher: PasswordHasher) -> None:
    work = extract_parameters(real_hasher.hash("a password"))
    assert work.type is Type.ID
    assert (work.memory_cost, work.time_cost) >= (RFC_9106_LOW_MEMORY.memory_cost, RFC_9106_LOW_MEMORY.time_cost)


def test_a_session_token_of_another_database_is_nobody(town: Town) -> None:
    assert speaker(town.pool, str(uuid4())) is None
