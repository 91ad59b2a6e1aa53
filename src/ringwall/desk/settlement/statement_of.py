"""A carrier's statement of account on one panel, and its own recomputation of every part in the log."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ringwall.basics import Term
from ringwall.desk.office import Office
from ringwall.settlement import Difference, PanelLog, SequenceKind, Statement, differences, statement


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """The statement, and where the log and its recomputation disagree: nowhere, if the log is right."""

    statement: Statement
    differences: tuple[Difference, ...]


def statement_of(office: Office, object_id: UUID, period: Term) -> CheckedStatement:
    """The acting carrier's statement for a period, made from the chain that every carrier of the panel sees."""
    agreement = office.policies.of_object(object_id)[-1].record.agreement
    me = office.directory.by_id(office.me)
    assert me is not None, "the acting organisation is on the platform"
    log = office.panel_chain.log(object_id)
    found = tuple(
        difference
        for kind in SequenceKind
        for difference in differences(agreement, [each for each in log if each.event.kind.sequence is kind])
    )
    return CheckedStatement(statement(agreement, me.code, period, PanelLog(log)), found)
