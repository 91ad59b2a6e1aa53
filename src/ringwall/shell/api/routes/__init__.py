"""The routes, one module a subject; each has its `router`, and this tuple is the whole API."""

from fastapi import APIRouter

from ringwall.shell.api.routes import (
    accounts,
    claims,
    evidence,
    incidents,
    monitoring,
    policies,
    quotes,
    sessions,
    submissions,
)
from ringwall.shell.api.routes.portfolio import book, model
from ringwall.shell.api.routes.service import orders, payables, providers
from ringwall.shell.api.routes.watched import control, feeds, reports

ROUTERS: tuple[APIRouter, ...] = (
    sessions.open_to_all,
    sessions.router,
    submissions.router,
    control.router,
    evidence.router,
    reports.router,
    feeds.router,
    quotes.router,
    policies.router,
    monitoring.router,
    incidents.router,
    orders.router,
    providers.router,
    payables.router,
    claims.router,
    accounts.router,
    book.router,
    model.router,
)
