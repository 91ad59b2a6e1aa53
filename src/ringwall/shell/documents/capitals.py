"""An amount in the capital figures (大写) in which Chinese vouchers state it, so that no figure can be altered."""

from __future__ import annotations

FIGURES = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
MOST_YUAN = 10**16


def capitals(minor: int) -> str:
    """Whole fen, not negative: 158700000 is 人民币壹佰伍拾捌万柒仟元整."""
    yuan, fen = divmod(minor, 100)
    assert 0 <= yuan < MOST_YUAN, "an amount that can be written in capital figures"
    jiao, rest = divmod(fen, 10)
    whole = f"{_whole(yuan)}元" if yuan or not fen else ""
    if not fen:
        return f"人民币{whole}整"
    tenth = f"{FIGURES[jiao]}角" if jiao else ("零" if yuan else "")
    return f"人民币{whole}{tenth}{f'{FIGURES[rest]}分' if rest else '整'}"


def _whole(yuan: int) -> str:
    """Groups of four digits; a gap is one 零, at the end of the number none."""
    if not yuan:
        return FIGURES[0]
    said, gap = "", False
    for place in range(len(GROUPS) - 1, -1, -1):
        group = yuan // 10_000**place % 10_000
        if not group:
            gap = bool(said)
            continue
        if said and (gap or group < 1_000):
            said += FIGURES[0]
        said += _four(group) + GROUPS[place]
        gap = False
    return said


def _four(group: int) -> str:
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(said)
            continue
        said += (FIGURES[0] if gap else "") + FIGURES[digit] + PLACES[place]
        gap = False
    return said
