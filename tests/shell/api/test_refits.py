"""A new version of the model by the API: proposed, read by its own insurer, decided on by another underwriter."""

from __future__ import annotations

from tests.shell.api.conftest import Told
from tests.shell.api.story import CLAIMS, LEAD, Desk


def test_a_proposal_is_read_with_its_drift_and_effect_and_without_the_files(told: Told, seen: Desk) -> None:
    found = seen.get(LEAD, f"/model/refits/{told.numbers.refit}")
    assert (found["state"], found["version"], found["claims"]) == ("proposed", "2026-02", 1)
    assert found["drift"]["counts"]
    assert found["before"]["technical_minor"] < found["after"]["technical_minor"], "a paid claim makes it dearer"
    assert not {"files", "person"} & set(found)
    (row,) = seen.get(LEAD, "/model/refits")["rows"]
    assert (row["number"], row["state"]) == (told.numbers.refit, "proposed")


def test_another_insurer_sees_no_proposal_and_decides_on_none(told: Told, seen: Desk) -> None:
    assert seen.get("zhongliu", "/model/refits")["rows"] == []
    path = f"/model/refits/{told.numbers.refit}"
    assert seen.get("zhongliu", path, status=404)["code"] == "not_visible"
    refused = seen.post("zhongliu", f"{path}/decisions", {"state": "adopted", "reason": "x"}, status=404)
    assert refused["code"] == "not_visible"


def test_an_underwriter_other_than_the_author_decides_once_and_for_good(told: Told, desk: Desk) -> None:
    path = f"/model/refits/{told.numbers.refit}/decisions"
    assert desk.post(CLAIMS, path, {"state": "adopted", "reason": "x"}, status=403)["code"] == "not_your_task"
    decided = desk.post(LEAD, path, {"state": "adopted", "reason": "the claim is paid and the drift explained"})
    assert (decided["state"], decided["decision"]["reason"]) == ("adopted", "the claim is paid and the drift explained")
    again = desk.post(LEAD, path, {"state": "declined", "reason": "x"}, status=409)
    assert again["code"] == "refit_decided"
    assert desk.get(CLAIMS, f"/model/refits/{told.numbers.refit}")["state"] == "adopted"


def test_an_underwriter_s_own_proposal_waits_for_somebody_else_and_a_version_is_taken_once(desk: Desk) -> None:
    own = desk.post(LEAD, "/model/refits", {"version": "2026-03", "years": 200})
    path = f"/model/refits/{own['number']}/decisions"
    assert desk.post(LEAD, path, {"state": "adopted", "reason": "x"}, status=409)["code"] == "own_proposal"
    taken = desk.post(LEAD, "/model/refits", {"version": "2026-03", "years": 200}, status=409)
    assert taken["code"] == "version_taken"


def test_without_a_policy_in_force_and_with_nonsense_nothing_is_proposed(empty_desk: Desk) -> None:
    refused = empty_desk.post(LEAD, "/model/refits", {"version": "2026-02"}, status=409)
    assert refused["code"] == "no_exposure"
    for wrong in ({"version": "two"}, {"version": "2026-02", "years": 1}, {"version": "2026-02", "more": 1}):
        empty_desk.post(LEAD, "/model/refits", wrong, status=422)
