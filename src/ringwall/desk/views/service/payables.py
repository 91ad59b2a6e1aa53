"""What is owed to providers: each settled invoice with its due day, what stands against paying it, and its payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ringwall.basics import Refusal, Words, local_day
from ringwall.desk.doors import Row, Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import permit
from ringwall.desk.service.rate_cards import payable_of
from ringwall.desk.settlement.pay_providers import objection_to
from ringwall.desk.views.parts import all_known, insured_name
from ringwall.desk.views.service.orders import provider_name
from ringwall.service import PAYABLE_NAMES, Order, Payable, PayableState


@dataclass(frozen=True, slots=True)
class PayableLine:
    """One settled invoice; `objection` is what keeps the reader, who owes it, from paying it now."""

    payable: Payable
    provider: Words
    insured: Words
    state: PayableState
    called: Words
    objection: Refusal | None

    @property
    def can_be_paid(self) -> bool:
        return self.state is PayableState.DUE and self.objection is None


@dataclass(frozen=True, slots=True)
class PayablesPage:
    """What the reader's organisation owes or is owed, the unpaid first by their due day."""

    lines: tuple[PayableLine, ...]
    may_pay: bool

    def sum_of(self, *states: str) -> int:
        return sum(line.payable.amount_minor for line in self.lines if line.state.value in states)

    @property
    def payable_now(self) -> tuple[PayableLine, ...]:
        return tuple(line for line in self.lines if line.can_be_paid)


def payables_page(office: Office, speaker: Speaker, now: datetime, provider: str = "") -> PayablesPage:
    """Everything that the reader owes as lead, or is owed as provider; of one provider, or of all."""
    me = office.directory.by_id(office.me)
    code, day = me.code if me else "", local_day(now)
    lines: list[PayableLine] = []
    for row in all_known(office.orders, now):
        leads = "lead" in office.objects.roles(row.object_id)
        if (leads or row.record.provider == code) and provider in ("", row.record.provider):
            lines += _lines(office, row, day, leads=leads)
    unpaid_first = sorted(lines, key=lambda line: (line.payable.payment is not None, line.payable.due_on))
    return PayablesPage(tuple(unpaid_first), permit(speaker, "pay_providers", None) is None)


def _lines(office: Office, row: Row[Order], day: date, *, leads: bool) -> tuple[PayableLine, ...]:
    payable = payable_of(office, row.object_id, row.record)
    if payable is None:
        return ()
    state = payable.state(day)
    objection = objection_to(office, payable, day) if leads and state is not PayableState.PAID else None
    name, insured = provider_name(office, payable.provider), insured_name(office, row.object_id)
    return (PayableLine(payable, name, insured, state, PAYABLE_NAMES[state], objection),)
