"""The stop switch of an installation: a file in its folder, asked before each socket opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ringwall.basics import ConsentId, Term
from ringwall.evidence import Outcome
from ringwall.exposure import Asset, AssetKind, Consent, LookMethod, Scope
from ringwall.shell.probes.lab import case_plan, start_lab
from ringwall.wiring.program import Toolbox

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_while_the_file_is_there_no_packet_leaves(tmp_path: Path) -> None:
    scope = Scope(("jiangkou.test",), (LookMethod.PASSIVE, LookMethod.ACTIVE))
    valid = Term(AT - timedelta(days=1), AT + timedelta(days=1))
    consent = Consent(ConsentId("c"), "i", "x", "x", "1", "0" * 64, scope, valid, AT - timedelta(days=1))
    assets = (Asset("jiangkou.test", AssetKind.DOMAIN, "x"),)
    look = Toolbox(tmp_path, {}).scan
    switch = tmp_path / "stop-scans"
    plan = case_plan()
    with start_lab(next(iter(plan.stages)), plan) as lab:
        open_ = look(assets, consent, (), lab.resolver, AT, allow_loopback=True, name_server_port=lab.dns_port)
        switch.touch()
        stopped = look(assets, consent, (), lab.resolver, AT, allow_loopback=True, name_server_port=lab.dns_port)
    assert open_.observations
    assert stopped.observations == ()
    assert {refusal.code for refusal in stopped.skipped} == {"scan_stopped"}
    assert all(attempt.outcome is not Outcome.COMPLETED for attempt in stopped.attempts)
