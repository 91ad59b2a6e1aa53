"""The standing of each control on a date, from fresh looks and evidenced answers, and where the two contradict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from ringwall.basics import Words, day_start, local_day
from ringwall.evidence.control import Answer, Contradiction, ControlStanding, JudgedBy, Side, Standing, Weighed
from ringwall.evidence.finding import Finding, Observation
from ringwall.evidence.rules import AnswerRule, Control, LookRule, TrafficRule
from ringwall.evidence.traffic import Indicator
from ringwall.exposure import Asset

NO_ANSWER = Words("没有答复，也没有有效的检测", "no answer and no look that still counts")


def judge_controls(
    answers: Sequence[Answer],
    findings: Sequence[Finding],
    observations: Sequence[Observation],
    at: datetime,
    controls: Sequence[Control],
    assets: Sequence[Asset] = (),
) -> tuple[ControlStanding, ...]:
    """A fresh look decides; without one the newest evidenced answer does; without either the control is unknown.

    A look holds a control only if it reached every one of the `assets`: with none given it can only break it.
    """
    standings = []
    for control in controls:
        by_look = _by_look(control, findings, observations, at, assets)
        standings.append(by_look or _by_answer(control, answers, at))
    return tuple(standings)


def weigh_controls(
    answers: Sequence[Answer],
    findings: Sequence[Finding],
    observations: Sequence[Observation],
    at: datetime,
    controls: Sequence[Control],
    assets: Sequence[Asset] = (),
    indicators: Sequence[Indicator] = (),
) -> tuple[Weighed, ...]:
    """Each control with what every source says of it, beside the judgement of `judge_controls` and its rule."""
    judged = judge_controls(answers, findings, observations, at, controls, assets)
    clashes = {each.control: each for each in contradictions(answers, findings, at, controls)}
    weighed = []
    for control, standing in zip(controls, judged, strict=True):
        answer = _answer_side(control.answer, answers, at)
        look = _look_side(control, findings, observations, at, assets)
        traffic = _traffic_side(control.traffic, indicators, at)
        rule = _rule(standing, answer, at)
        doubt = _doubt(control, answer, traffic, at)
        step = _next_step(control, standing, rule, answer, at)
        weighed.append(
            Weighed(
                control.id,
                control.label,
                standing,
                rule,
                answer,
                look,
                traffic,
                clashes.get(control.id),
                doubt,
                step,
            )
        )
    return tuple(weighed)


def contradictions(
    answers: Sequence[Answer], findings: Sequence[Finding], at: datetime, controls: Sequence[Control]
) -> tuple[Contradiction, ...]:
    """Where an answer says that a control is held and a fresh look saw it broken; both sides are shown both."""
    found = []
    for control in controls:
        answer = _newest_answer(control.answer, answers, at)
        seen = _breaking(control.look, findings, at) if control.look else []
        if answer and seen and control.answer and _stated(control.answer, answer) is Standing.HELD:
            found.append(_contradiction(control, answer, seen))
    return tuple(found)


def _by_look(
    control: Control,
    findings: Sequence[Finding],
    observations: Sequence[Observation],
    at: datetime,
    assets: Sequence[Asset],
) -> ControlStanding | None:
    """Broken, held, or nothing where no fresh look settles it."""
    look = control.look
    if look is None:
        return None
    if seen := _breaking(look, findings, at):
        places = _places(seen)
        because = Words(f"检测发现：{seen[0].title.zh}（{places}）", f"seen: {seen[0].title.en} ({places})")
        newest = max(finding.last_seen for finding in seen)
        return ControlStanding(control.id, Standing.BROKEN, because, f"look:{seen[0].check}", newest)
    reached = _reached(look, observations, at, assets)
    if not look.holds or reached is None:
        return None
    because = Words("检测覆盖全部资产，未见问题", "a look reached every asset and saw nothing against it")
    return ControlStanding(control.id, Standing.HELD, because, f"look:{look.probe}", reached)


def _breaking(look: LookRule, findings: Sequence[Finding], at: datetime) -> list[Finding]:
    """Open findings that break the control and were seen recently enough, the gravest first."""
    seen = [f for f in findings if f.check in look.broken_by and f.is_open and _fresh(f.last_seen, at, look.fresh_for)]
    return sorted(seen, key=lambda f: (-f.severity, f.locator, f.check))


def _reached(
    look: LookRule, observations: Sequence[Observation], at: datetime, assets: Sequence[Asset]
) -> datetime | None:
    """The oldest of the newest looks at each asset of the kind; nothing if one of them was not reached in time."""
    newest = []
    for asset in (asset for asset in assets if asset.kind is look.assets):
        looks = [
            seen.seen_at
            for seen in observations
            if seen.probe == look.probe and seen.asset == asset.name and _fresh(seen.seen_at, at, look.fresh_for)
        ]
        if not looks:
            return None
        newest.append(max(looks))
    return min(newest, default=None)


def _by_answer(control: Control, answers: Sequence[Answer], at: datetime) -> ControlStanding:
    answer = _newest_answer(control.answer, answers, at)
    if control.answer is None or answer is None:
        return ControlStanding(control.id, Standing.UNKNOWN, NO_ANSWER, "", None)
    source = f"answer:{answer.question} v{answer.question_version}"
    stated = _stated(control.answer, answer)
    said = f"{answer.question} v{answer.question_version}: {answer.value}", local_day(answer.answered_at).isoformat()
    if stated is Standing.BROKEN:
        because = Words(f"答复 {said[0]}（{said[1]}）", f"answered {said[0]} ({said[1]})")
        return ControlStanding(control.id, Standing.BROKEN, because, source, answer.answered_at)
    if stated is Standing.HELD and answer.evidence_sha256:
        how = answer.verified_how or answer.verified_by or answer.evidence_sha256[:12]
        because = Words(
            f"答复 {said[0]}（{said[1]}），附证据 {how}", f"answered {said[0]} ({said[1]}) with evidence {how}"
        )
        return ControlStanding(control.id, Standing.HELD, because, source, answer.answered_at)
    because = Words(f"答复 {said[0]}，未附证据或无法判断", f"answered {said[0]}, without evidence or not to be judged")
    return ControlStanding(control.id, Standing.UNKNOWN, because, source, answer.answered_at)


def _answer_side(rule: AnswerRule | None, answers: Sequence[Answer], at: datetime) -> Side | None:
    """The newest answer to the control's question, whether it still counts or not."""
    if rule is None:
        return None
    given = [answer for answer in answers if answer.question == rule.question and answer.answered_at <= at]
    newest = max(given, key=lambda answer: answer.answered_at, default=None)
    if newest is None:
        return None
    value = newest.value.strip() or "—"
    because = Words(
        f"{newest.question} v{newest.question_version}：{value}",
        f"{newest.question} v{newest.question_version}: {value}",
    )
    says, until = _stated(rule, newest), newest.answered_at + rule.fresh_for
    return Side(says, because, newest.answered_at, until, bool(newest.evidence_sha256))


def _look_side(
    control: Control,
    findings: Sequence[Finding],
    observations: Sequence[Observation],
    at: datetime,
    assets: Sequence[Asset],
) -> Side | None:
    """What the newest look says, whether it still counts or not: an old one is shown with the day it grew stale."""
    look = control.look
    if look is None:
        return None
    ever = replace(look, fresh_for=timedelta.max)
    seen = _by_look(control, findings, observations, at, assets) or _by_look(
        replace(control, look=ever), findings, observations, at, assets
    )
    if seen is None or seen.seen_at is None:
        return None
    return Side(seen.standing, seen.because, seen.seen_at, seen.seen_at + look.fresh_for)


def _traffic_side(rule: TrafficRule | None, indicators: Sequence[Indicator], at: datetime) -> Side | None:
    """The newest answer of the sensor on what speaks against the control; too little seen is unknown."""
    if rule is None:
        return None
    heard = [each for each in indicators if each.code in rule.indicators and day_start(each.day) <= at]
    if not heard:
        return None
    raised = [each for each in heard if each.raised and _fresh(day_start(each.day), at, rule.fresh_for)]
    newest = max(raised or heard, key=lambda each: (each.day, each.raised is not None))
    says = {True: Standing.BROKEN, False: Standing.HELD, None: Standing.UNKNOWN}[newest.raised]
    seen_at = day_start(newest.day)
    return Side(says, newest.because, seen_at, seen_at + rule.fresh_for)


def _rule(standing: ControlStanding, answer: Side | None, at: datetime) -> JudgedBy:
    if standing.source.startswith("look:"):
        return JudgedBy.LOOK_BREAKS if standing.standing is Standing.BROKEN else JudgedBy.LOOK_HOLDS
    if not standing.source or answer is None or not answer.counts(at):
        return JudgedBy.NOTHING_COUNTS
    if standing.standing is Standing.UNKNOWN:
        return JudgedBy.ANSWER_UNPROVED if answer.says is Standing.HELD else JudgedBy.ANSWER_UNCLEAR
    return JudgedBy.ANSWER_HOLDS if standing.standing is Standing.HELD else JudgedBy.ANSWER_BREAKS


def _doubt(control: Control, answer: Side | None, traffic: Side | None, at: datetime) -> Words | None:
    """Fresh traffic against an answer that says held: shown to both sides, and it moves nothing."""
    if answer is None or traffic is None or not (answer.counts(at) and traffic.counts(at)):
        return None
    if (answer.says, traffic.says) != (Standing.HELD, Standing.BROKEN):
        return None
    day = local_day(traffic.seen_at)
    return Words(
        f"{control.label.zh}：答复为“{answer.because.zh}”，而 {day} 的流量显示：{traffic.because.zh}。"
        "请核实并说明；流量不影响保费。",
        f"{control.label.en}: the answer is “{answer.because.en}”, but the traffic of {day} says: "
        f"{traffic.because.en}. Look into it and explain; traffic moves no premium.",
    )


def _next_step(
    control: Control, standing: ControlStanding, rule: JudgedBy, answer: Side | None, at: datetime
) -> Words | None:
    """What settles the control; nothing where it is held."""
    if standing.standing is Standing.HELD:
        return None
    if rule is JudgedBy.LOOK_BREAKS:
        return Words("整改后申请复测", "fix it and ask for the re-test")
    if rule is JudgedBy.ANSWER_BREAKS:
        return Words("落实后重新答复并附证据", "put it in place, answer anew and hand in evidence")
    if rule is JudgedBy.ANSWER_UNPROVED:
        return Words("为该答复提交证据", "hand in evidence for the answer")
    if control.answer is None:
        return Words("请求检测全部资产", "have every asset looked at")
    if answer is not None and answer.says is not Standing.UNKNOWN and not answer.counts(at):
        return Words("答复已过期，请重新答复并附证据", "the answer no longer counts: answer anew with evidence")
    return Words("回答问题并附证据", "answer the question and hand in evidence")


def _newest_answer(rule: AnswerRule | None, answers: Sequence[Answer], at: datetime) -> Answer | None:
    """The newest answer to the question, if it is not blank and still counts; a blank takes an older answer back."""
    if rule is None:
        return None
    given = [answer for answer in answers if answer.question == rule.question and answer.answered_at <= at]
    newest = max(given, key=lambda answer: answer.answered_at, default=None)
    if newest is None or not newest.value.strip() or not _fresh(newest.answered_at, at, rule.fresh_for):
        return None
    return newest


def _stated(rule: AnswerRule, answer: Answer) -> Standing:
    value = answer.value.strip()
    if rule.held_from is not None:
        try:
            return Standing.HELD if Fraction(value) >= rule.held_from else Standing.BROKEN
        except (ValueError, ZeroDivisionError):
            return Standing.UNKNOWN
    if value in rule.held:
        return Standing.HELD
    return Standing.BROKEN if value in rule.broken else Standing.UNKNOWN


def _contradiction(control: Control, answer: Answer, seen: Sequence[Finding]) -> Contradiction:
    said = f"{answer.question} v{answer.question_version}: {answer.value}"
    day = local_day(max(finding.last_seen for finding in seen)).isoformat()
    message = Words(
        f"{control.label.zh}：答复为“{said}”，而 {day} 检测发现“{seen[0].title.zh}”（{_places(seen)}）；"
        "请更正答复，或整改后复测。",
        f"{control.label.en}: the answer is “{said}”, but on {day} a look saw “{seen[0].title.en}” ({_places(seen)}); "
        "correct the answer, or fix it and have it looked at again.",
    )
    return Contradiction(control.id, said, f"{seen[0].check} {_places(seen)}", message)


def _places(findings: Iterable[Finding]) -> str:
    return ", ".join(sorted({finding.locator for finding in findings}))


def _fresh(seen_at: datetime, at: datetime, fresh_for: timedelta) -> bool:
    return timedelta(0) <= at - seen_at <= fresh_for
