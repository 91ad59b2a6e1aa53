"""Service orders in the portal: from the insured's order to the settled invoice, each step by the one whose it is."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from tests.shell.web.conftest import NOW, Portal

from ringwall.desk.price.reprice import KeptBases
from ringwall.desk.views.home import Waiting, home
from ringwall.settlement import Head, account

CASE = "JIANGKOU-SUB-000001"


def act(portal: Portal, person: str, path: str, status: int = 303, **fields: Any) -> str:
    files = {"file": ("report.txt", fields.pop("file"))} if "file" in fields else None
    answer = portal.of(person).post(path, data={"key": uuid4().hex, **fields}, files=files)
    assert answer.status_code == status, answer.text
    return answer.headers["location"] if status == 303 else answer.text


def ordered(portal: Portal, service: str, charge: str = "included") -> str:
    return act(portal, "jiangkou", f"/services/{CASE}", service=service, provider="fengtai", charge=charge)


def left_of(portal: Portal, service: str) -> str:
    row = portal.of("jiangkou").get("/services").text.split(f'value="{service}"')[0].rsplit("<tr>", 1)[1]
    found = re.search(r"\d+ of \d+", row)
    return found[0] if found else ""


def test_a_service_goes_from_the_order_to_the_settled_invoice(writing: Portal) -> None:
    path = ordered(writing, "tabletop", "insured")
    act(writing, "fengtai", f"{path}/accepted")
    act(writing, "fengtai", f"{path}/delivered", file=b"minutes of the exercise")
    act(writing, "jiangkou", f"{path}/sent_back", note="the list of improvements is missing")
    act(writing, "fengtai", f"{path}/delivered", file=b"minutes with the list")
    page = writing.of("jiangkou").get(path).text
    link = re.findall(rf'href="({path}/file/[0-9a-f]{{64}})"', page)[-1]
    assert writing.of("jiangkou").get(link).content == b"minutes with the list"
    assert writing.of("tongzhou").get(link).status_code == 404
    act(writing, "jiangkou", f"{path}/accepted_by_insured")
    bill = {"invoice": "FT-1", "worked_on": "2026-11-02", "days.expert": "1.5"}
    act(writing, "fengtai", f"{path}/invoice", **bill, **{"amount.expert": "9000.01"})
    assert "CNY 9,000.00" in act(writing, "jiangkou", f"{path}/settled", status=422)
    act(writing, "fengtai", f"{path}/invoice", **bill, **{"amount.expert": "9000.00"})
    assert "settle_order" in worklist(writing, "jiangkou")
    act(writing, "jiangkou", f"{path}/settled")
    assert balance(writing, Head.SERVICE_EXPENSE) == 0, "the insured pays for it itself"
    assert "within the rate card" in writing.of("fengtai").get(path).text


def worklist(portal: Portal, person: str) -> dict[str, list[Waiting]]:
    speaker = portal.speaker(person)
    tasks = portal.house.front.ask(speaker, lambda office: home(office, speaker, NOW, KeptBases())).tasks
    return {kind: [task for task in tasks if task.kind == kind] for kind in {task.kind for task in tasks}}


def balance(portal: Portal, head: Head, other: str = "") -> int:
    """Of the lead's journal: debits less credits."""
    moved = portal.house.front.ask(portal.speaker("shouan.claims"), lambda office: office.books.all())
    wanted = account("shouan", head, other=other)
    return sum(each.amount_minor * ((each.debit == wanted) - (each.credit == wanted)) for each in moved)


def test_what_the_insurer_bears_is_owed_to_the_provider_once_settled_and_no_more_once_reversed(writing: Portal) -> None:
    path = ordered(writing, "incident-hotline")
    number = path.rpartition("/")[2]
    act(writing, "shouan.claims", f"{path}/consented")
    act(writing, "fengtai", f"{path}/accepted")
    act(writing, "fengtai", f"{path}/delivered", file=b"record of the triage")
    act(writing, "jiangkou", f"{path}/accepted_by_insured")
    due = next(task for task in worklist(writing, "fengtai")["invoice_due"] if number in task.what.en)
    assert "expert 6,000.00" in due.about.en
    assert "Send the invoice" in writing.of("fengtai").get("/orders").text
    bill = {"worked_on": "2026-11-02", "days.senior": "1.5"}
    act(writing, "fengtai", f"{path}/invoice", invoice="FT-7", **bill, **{"amount.senior": "6000.00"})
    assert number not in {task.what.en.rpartition(" ")[2] for task in worklist(writing, "fengtai")["invoice_due"]}
    (to_settle,) = worklist(writing, "shouan.claims")["settle_order"]
    assert (to_settle.amount_minor, "settle_order" in worklist(writing, "jiangkou")) == (600_000, False)

    act(writing, "shouan.claims", f"{path}/settled")
    assert (balance(writing, Head.SERVICE_EXPENSE), balance(writing, Head.PAYABLE_TO_PROVIDER, "fengtai")) == (
        600_000,
        -600_000,
    )
    assert "In our books" in writing.of("shouan.claims").get(path).text
    assert "In our books" not in writing.of("fengtai").get(path).text

    assert "no reason is given" in act(writing, "shouan.claims", f"{path}/reversed", status=422)
    act(writing, "shouan.claims", f"{path}/reversed", note="one day was worked")
    assert balance(writing, Head.SERVICE_EXPENSE) == balance(writing, Head.PAYABLE_TO_PROVIDER, "fengtai") == 0
    (corrected,) = worklist(writing, "fengtai")["invoice_reversed"]
    assert corrected.amount_minor == 600_000
    act(writing, "fengtai", f"{path}/invoice", invoice="FT-8", **{**bill, "days.senior": "1", "amount.senior": "4000"})
    act(writing, "shouan.claims", f"{path}/settled")
    assert balance(writing, Head.PAYABLE_TO_PROVIDER, "fengtai") == -400_000
    assert writing.of("shouan.claims").get(path).text.count(f"{number}:") >= 3


def test_a_provider_hands_in_a_certificate_and_the_lead_verifies_it_by_its_file(writing: Portal) -> None:
    assert act(writing, "fengtai", "/provider/fengtai/certificates", status=422, kind="CCRC/law").count(
        "cannot be read"
    )
    new = {"kind": "CCRC/software_security", "certificate": "SS-1", "grade": "2"}
    days = {"valid_from": "2026-06-01", "expires_on": "2028-06-01"}
    assert "No file was chosen" in act(writing, "fengtai", "/provider/fengtai/certificates", status=422, **new, **days)
    act(writing, "fengtai", "/provider/fengtai/certificates", file=b"the certificate", **new, **days)
    assert "waits for verification" in writing.of("fengtai").get("/provider/fengtai").text
    assert ordered_code_review(writing) == 422
    (task,) = worklist(writing, "shouan")["vet_provider"]
    assert task.link == "/provider/fengtai#waiting"
    page = writing.of("shouan").get("/provider/fengtai").text
    (link,) = set(re.findall(r'href="(/provider/fengtai/file/[0-9a-f]{64})"', page))
    assert writing.of("shouan").get(link).content == b"the certificate"
    assert writing.of("jiangkou").get(link).status_code == 404
    said = {"certificate": "SS-1", "decision": "accepted"}
    assert writing.of("jiangkou").post("/provider/fengtai/vettings", data=said).status_code == 404
    act(writing, "shouan", "/provider/fengtai/vettings", **said)
    assert "vet_provider" not in worklist(writing, "shouan")
    assert "verified" in writing.of("jiangkou").get("/provider/fengtai").text
    assert ordered_code_review(writing) == 303
    assert writing.of("shouan").get("/providers").status_code == 200
    assert writing.of("jiangkou").get("/providers").status_code == 404


def ordered_code_review(portal: Portal) -> int:
    order = {"key": uuid4().hex, "service": "code-review", "provider": "fengtai", "charge": "insured"}
    return portal.of("jiangkou").post(f"/services/{CASE}", data=order).status_code


def test_a_cancelled_order_gives_its_unit_back(writing: Portal) -> None:
    before = left_of(writing, "periodic-scan")
    path = ordered(writing, "periodic-scan")
    assert left_of(writing, "periodic-scan") != before
    assert "reason" in act(writing, "jiangkou", f"{path}/cancelled", status=422)
    act(writing, "jiangkou", f"{path}/cancelled", note="ordered twice")
    assert left_of(writing, "periodic-scan") == before


def test_a_scan_on_record_is_delivered_for_one_order_and_only_if_it_is_younger(writing: Portal) -> None:
    path = ordered(writing, "periodic-scan")
    act(writing, "fengtai", f"{path}/accepted")
    said = act(writing, "fengtai", f"{path}/delivered", status=422, record="JIANGKOU-S-000001")
    assert "not on record or older" in said


def test_a_provider_without_the_qualification_is_not_engaged(writing: Portal) -> None:
    answer = writing.of("jiangkou").post(
        f"/services/{CASE}", data={"key": "x", "service": "code-review", "provider": "fengtai", "charge": "insured"}
    )
    assert answer.status_code == 422
    assert "choose another provider or renew" in answer.text


def test_who_assessed_does_not_sell_the_fix(writing: Portal) -> None:
    answer = writing.of("jiangkou").post(
        f"/services/{CASE}", data={"key": "x", "service": "data-recovery", "provider": "fengtai", "charge": "insured"}
    )
    assert answer.status_code == 422
    assert "conflict of interest" in answer.text


def test_a_step_is_only_taken_by_the_one_whose_it_is(writing: Portal) -> None:
    path = ordered(writing, "periodic-scan")
    for person in ("jiangkou", "shouan", "shouan.claims", "tongzhou", "supervision", "zhongliu"):
        assert writing.of(person).post(f"{path}/accepted", data={"key": person}).status_code == 404
