"""Service: who may serve, what a policy includes, orders and their clocks, invoice checks, scorecards."""

from ringwall.service.catalogue import (
    ConsentOf,
    OrderState,
    Phase,
    QualificationNeed,
    Role,
    Service,
    ServiceCatalogue,
    SlaTerm,
    parse_catalogue,
)
from ringwall.service.conflict import Engagement, check_conflicts
from ringwall.service.entitlement import Draw, Entitlement, draw, entitlements
from ringwall.service.order import (
    Order,
    OrderEntry,
    SlaResult,
    SlaStanding,
    advance,
    due_at,
    missed,
    request,
    sla_standing,
)
from ringwall.service.provider import Provider, Qualification, may_serve, parse_providers
from ringwall.service.rates import InvoiceCheck, RateCard, ServiceInvoice, WorkLine, check_invoice
from ringwall.service.scorecard import Scorecard, score

__all__ = [
    "ConsentOf",
    "Draw",
    "Engagement",
    "Entitlement",
    "InvoiceCheck",
    "Order",
    "OrderEntry",
    "OrderState",
    "Phase",
    "Provider",
    "Qualification",
    "QualificationNeed",
    "RateCard",
    "Role",
    "Scorecard",
    "Service",
    "ServiceCatalogue",
    "ServiceInvoice",
    "SlaResult",
    "SlaStanding",
    "SlaTerm",
    "WorkLine",
    "advance",
    "check_conflicts",
    "check_invoice",
    "draw",
    "due_at",
    "entitlements",
    "may_serve",
    "missed",
    "parse_catalogue",
    "parse_providers",
    "request",
    "score",
    "sla_standing",
]
