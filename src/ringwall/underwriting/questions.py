"""The questionnaire and the check of answers: exact text and version are kept, a blank is a blank and never a "no"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse
from ringwall.evidence import Answer

SHA256 = re.compile(r"[0-9a-f]{64}")


class AnswerKind(StrEnum):
    """What an answer looks like: a share lies in [0, 1]; money is whole minor units."""

    YES_NO = "yes_no"
    SHARE = "share"
    CHOICE = "choice"
    COUNT = "count"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from: its code, which is the answer's value, and its words."""

    code: str
    text: Words


@dataclass(frozen=True, slots=True)
class Question:
    """One question in its exact words; another wording is another version (R-01)."""

    id: str
    version: int
    text: Words
    kind: AnswerKind
    choices: tuple[Choice, ...] = ()
    control: str = ""
    required: bool = False
    own_losses_years: int = 0
    """The answer counts the insured's own losses of so many years before the application."""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What was asked, in order; the duty of disclosure reaches no further."""

    name: str
    version: str
    questions: tuple[Question, ...]

    def question(self, id: str) -> Question | None:
        return next((question for question in self.questions if question.id == id), None)


AnswerValue = bool | Fraction | int | str


def parse_questionnaire(text: str, where: str) -> tuple[Questionnaire | None, tuple[Refusal, ...]]:
    """The questionnaire of a YAML file; every fault is named, and a file with a fault gives no questionnaire."""
    try:
        data = read_yaml(text)
    except yaml.YAMLError as fault:
        return None, (_faulty(where, f"不是有效的 YAML：{fault}", f"is not valid YAML: {fault}"),)
    rows = data.get("questions") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(rows, list) or not rows:
        return None, (_faulty(where, "没有 questions 列表", "has no list `questions`"),)
    read = [_question(row, f"{where}: {place}") for place, row in enumerate(rows, start=1)]
    questions = tuple(item for item in read if isinstance(item, Question))
    refusals = (
        *(item for item in read if isinstance(item, Refusal)),
        *(_faulty(where, f"询问事项 {id} 出现两次", f"asks {id} twice") for id in _twice(questions)),
    )
    questionnaire = Questionnaire(str(data.get("name", where)), str(data.get("version", "")), questions)
    return (None if refusals else questionnaire), refusals


def check_answers(questionnaire: Questionnaire, answers: Sequence[Answer]) -> tuple[Refusal, ...]:
    """Every clash of the answers with what was asked; no clash means that they can be relied upon as answers."""
    newest = newest_answers(answers)
    missing = (
        _missing(question)
        for question in questionnaire.questions
        if question.required and is_blank(newest.get(question.id))
    )
    return (*_tied(answers), *missing, *(r for answer in newest.values() for r in _clashes(questionnaire, answer)))


def newest_answers(answers: Iterable[Answer]) -> dict[str, Answer]:
    """A correction is a further answer: the latest one of each question counts."""
    newest: dict[str, Answer] = {}
    for answer in sorted(answers, key=lambda each: each.answered_at):
        newest[answer.question] = answer
    return newest


def is_blank(answer: Answer | None) -> bool:
    """Nothing was said; that is neither a yes nor a no."""
    return answer is None or not answer.value.strip()


def read_answer(question: Question, value: str) -> AnswerValue | Refusal:
    """The value of an answer in the form that its question asks for."""
    text = value.strip()
    match question.kind:
        case AnswerKind.YES_NO if text in ("yes", "no"):
            return text == "yes"
        case AnswerKind.CHOICE if text in question.codes:
            return text
        case AnswerKind.COUNT | AnswerKind.MONEY if re.fullmatch(r"[0-9]{1,18}", text):
            return int(text)
        case AnswerKind.SHARE if (share := _share(text)) is not None:
            return share
        case _:
            return _misshapen(question, value)


def unproved(questionnaire: Questionnaire, answers: Sequence[Answer]) -> tuple[str, ...]:
    """Questions on a control that are answered without evidence: they give no relief until somebody proves them."""
    newest = newest_answers(answers)
    return tuple(
        question.id
        for question in questionnaire.questions
        if question.control and not is_blank(newest.get(question.id)) and not newest[question.id].evidence_sha256
    )


def _twice(questions: Sequence[Question]) -> list[str]:
    counted = Counter(question.id for question in questions)
    return [id for id, times in counted.items() if times > 1]


def _question(row: Any, where: str) -> Question | Refusal:
    try:
        question = Question(
            id=str(row["id"]),
            version=int(row["version"]),
            text=Words(row["text"]["zh"], row["text"]["en"]),
            kind=AnswerKind(row["kind"]),
            choices=tuple(Choice(each["code"], Words(each["zh"], each["en"])) for each in row.get("choices", ())),
            control=row.get("control", ""),
            required={"true": True, "false": False}[row.get("required", "false")],
            own_losses_years=int(row.get("own_losses_years", "0")),
        )
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        return _faulty(where, f"该询问事项无法读取：{fault}", f"has a question that cannot be read: {fault}")
    if not (question.id and question.text.zh and question.text.en):
        return _faulty(
            where, "该询问事项缺少编号或中英文文本", "has a question without its id or its text in both languages"
        )
    if (question.kind is AnswerKind.CHOICE) != bool(question.choices):
        return _faulty(
            where, f"{question.id} 的选项与类型不符", f"gives {question.id} choices that do not fit its kind"
        )
    return question


def _share(text: str) -> Fraction | None:
    if not re.fullmatch(r"[0-9]{1,9}(/[0-9]{1,9}|\.[0-9]{1,9})?", text):
        return None
    try:
        share = Fraction(text)
    except ZeroDivisionError:
        return None
    return share if 0 <= share <= 1 else None


def _clashes(questionnaire: Questionnaire, answer: Answer) -> Iterable[Refusal]:
    question = questionnaire.question(answer.question)
    if question is None:
        yield refuse(
            "question_unknown",
            answer.question,
            zh=f"答复 {answer.question} 不对应问卷 {questionnaire.name} 的任何询问事项；"
            "请删除该答复或改用含此问题的问卷。",
            en=f"Answer {answer.question} meets no question of {questionnaire.name}; drop it or use the "
            "questionnaire that asks it.",
        )
        return
    if answer.question_version != question.version:
        yield refuse(
            "question_version",
            answer.question,
            zh=f"答复针对第 {answer.question_version} 版，现行询问为第 {question.version} 版；请按现行文本重新询问。",
            en=f"The answer is to version {answer.question_version}, the question stands at version "
            f"{question.version}; ask again.",
        )
    if not is_blank(answer) and isinstance(value := read_answer(question, answer.value), Refusal):
        yield value
    if answer.evidence_sha256 and not SHA256.fullmatch(answer.evidence_sha256):
        yield refuse(
            "evidence_form",
            answer.question,
            zh=f"证据标识“{answer.evidence_sha256}”不是 SHA-256 摘要；请上传证据文件取得摘要。",
            en=f"The evidence mark '{answer.evidence_sha256}' is no SHA-256 digest; upload the file to get one.",
        )


def _tied(answers: Sequence[Answer]) -> Iterable[Refusal]:
    """Two answers of one instant that differ: neither is the later one."""
    seen: dict[tuple[str, object], str] = {}
    for answer in answers:
        value = seen.setdefault((answer.question, answer.answered_at), answer.value)
        if value != answer.value:
            yield refuse(
                "answered_twice",
                answer.question,
                zh=f"同一时刻有两个不同答复：“{value}”与“{answer.value}”；请投保人确认其一。",
                en=f"Two answers of one instant differ: '{value}' and '{answer.value}'; let the applicant confirm one.",
            )


def _missing(question: Question) -> Refusal:
    return refuse(
        "answer_missing",
        question.id,
        zh=f"必答事项“{question.text.zh}”没有答复；空白不视为“否”，请补充答复。",
        en=f"The required question '{question.text.en}' has no answer; a blank is not a 'no', so ask for the answer.",
    )


def _misshapen(question: Question, value: str) -> Refusal:
    wanted = {
        AnswerKind.YES_NO: Words("yes 或 no", "yes or no"),
        AnswerKind.SHARE: Words("0 到 1 之间的分数或小数", "a fraction or decimal from 0 to 1"),
        AnswerKind.CHOICE: Words(f"其中之一：{'、'.join(question.codes)}", f"one of {', '.join(question.codes)}"),
        AnswerKind.COUNT: Words("非负整数", "a whole number that is not negative"),
        AnswerKind.MONEY: Words("以分为单位的非负整数", "a whole number of fen that is not negative"),
    }[question.kind]
    return refuse(
        "answer_form",
        question.id,
        zh=f"答复“{value}”与询问方式不符，应为{wanted.zh}；请更正。",
        en=f"The answer '{value}' does not fit the question, which asks for {wanted.en}; correct it.",
    )


def _faulty(where: str, zh: str, en: str) -> Refusal:
    return refuse(
        "questionnaire_faulty",
        where,
        zh=f"问卷文件{zh}；请更正后重新载入。",
        en=f"The questionnaire {en}; correct it and load it again.",
    )
