"""The whole year, in order."""

from __future__ import annotations

from ringwall.desk.life import book_steps, claim_steps, cover_steps, service_steps, watch_steps
from ringwall.desk.life.year import Step

STEPS: tuple[Step, ...] = (
    *cover_steps.STEPS,
    *watch_steps.STEPS,
    *service_steps.STEPS,
    *claim_steps.STEPS,
    *book_steps.STEPS,
)
