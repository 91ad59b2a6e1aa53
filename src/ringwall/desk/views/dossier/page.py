"""The dossier as a page: the judgement on each control with its rule and sides, and the timeline of knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words
from ringwall.desk.evidence.dossier_of import findings_known, indicators_known
from ringwall.desk.monitoring.known_of import weighed_known
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.records import QuoteFile
from ringwall.desk.views.dossier.timeline import Known, PriceStep, known_when, price_steps
from ringwall.desk.views.knowing import dossier_known
from ringwall.desk.views.parts import insured_name, last_known, object_called
from ringwall.evidence import JudgedBy, Standing, Weighed

RULE_WORDS = {
    JudgedBy.LOOK_BREAKS: Words("有效检测见到弱点，检测优先于答复", "a fresh look saw it: looks go before answers"),
    JudgedBy.LOOK_HOLDS: Words("有效检测覆盖全部资产且未见弱点", "a fresh look reached every asset and saw none"),
    JudgedBy.ANSWER_BREAKS: Words("答复自认未落实，无需证据", "the answer itself says no; that needs no evidence"),
    JudgedBy.ANSWER_HOLDS: Words("答复附证据且仍在有效期内", "an answer with evidence that still counts"),
    JudgedBy.ANSWER_UNPROVED: Words("答复无证据，不作判断", "an answer without evidence judges nothing"),
    JudgedBy.ANSWER_UNCLEAR: Words("答复无法判断", "the answer cannot be judged"),
    JudgedBy.NOTHING_COUNTS: Words("没有仍然有效的答复或检测", "no answer and no look that still counts"),
}


@dataclass(frozen=True, slots=True)
class ControlPage:
    """One control: every side, the judgement and its rule, until when it counts, and what it moved."""

    weighed: Weighed
    rule: Words
    fresh_until: datetime | None
    counts: bool
    steps: tuple[PriceStep, ...]


@dataclass(frozen=True, slots=True)
class DossierPage:
    """What both sides see of one insured at an instant."""

    number: str
    insured: Words
    policy: str
    quote: str
    sha256: str
    controls: tuple[ControlPage, ...]
    timeline: tuple[Known, ...]
    concluded_at: datetime | None

    @property
    def contradictions(self) -> tuple[ControlPage, ...]:
        """Where an answer disagrees with a look, or with the traffic."""
        return tuple(each for each in self.controls if each.weighed.contradiction or each.weighed.doubt)

    def count(self, standing: str) -> int:
        return sum(each.weighed.judged.standing.value == standing for each in self.controls)


def dossier_page(office: Office, number: str, now: datetime) -> DossierPage | Refusal:
    """The dossier as it was known at an instant, for whoever sees the answers."""
    object_id = object_called(office, number)
    if isinstance(object_id, Refusal):
        return object_id
    dossier = dossier_known(office, object_id, now)
    if dossier is None:
        return not_visible(number)
    quote, policy = last_known(office.quotes, now, object_id), last_known(office.policies, now, object_id)
    return DossierPage(
        number=number,
        insured=insured_name(office, object_id),
        policy=policy.policy.number if policy else "",
        quote=quote.number if quote else "",
        sha256=dossier.sha256,
        controls=_controls(office, object_id, now, quote),
        timeline=known_when(office, object_id, now, quote),
        concluded_at=policy.policy.concluded_at if policy else None,
    )


def _controls(office: Office, object_id: UUID, now: datetime, quote: QuoteFile | None) -> tuple[ControlPage, ...]:
    """The broken ones first, then the unknown, then the held."""
    findings, indicators = findings_known(office, object_id, now), indicators_known(office, object_id, now)
    order = [Standing.BROKEN, Standing.UNKNOWN, Standing.HELD]
    weighed = weighed_known(office, object_id, now, findings, indicators)
    return tuple(
        ControlPage(
            each,
            RULE_WORDS[each.rule],
            each.fresh_until(),
            each.rule is not JudgedBy.NOTHING_COUNTS,
            price_steps(quote, f"control:{each.control}"),
        )
        for each in sorted(weighed, key=lambda each: order.index(each.judged.standing))
    )
