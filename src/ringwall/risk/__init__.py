"""How often, how much, what strikes many at once, and what controls change; every number with its source."""

from ringwall.risk.experience import Credibility, Experience, ExperienceYear, credibility
from ringwall.risk.frequencies import frequency, year_levels
from ringwall.risk.lognormal import chance_above, layer_mean, limited_mean, mean_loss
from ringwall.risk.model import (
    Footprint,
    Grade,
    Numbers,
    OutageShape,
    Parameter,
    Peril,
    RiskModel,
    Signal,
    SignalKind,
    Span,
    SystemicScenario,
    Territory,
)
from ringwall.risk.parse import FILES, parse_model
from ringwall.risk.profile import AVERAGE_INDUSTRY, RiskProfile, profile_of, reference_profile
from ringwall.risk.relief import (
    NO_RELIEF,
    Relief,
    ReliefStep,
    SignalState,
    combine,
    combined,
    possible_relativities,
    relief_steps,
    relieve,
)
from ringwall.risk.severity import draw_losses, draw_outage
from ringwall.risk.streams import stratified, stream, uniforms
from ringwall.risk.systemic import (
    SystemicEvents,
    draw_systemic,
    hit_probability,
    scenario_losses,
    struck,
    systemic_scenarios,
)

__all__ = [
    "AVERAGE_INDUSTRY",
    "FILES",
    "NO_RELIEF",
    "Credibility",
    "Experience",
    "ExperienceYear",
    "Footprint",
    "Grade",
    "Numbers",
    "OutageShape",
    "Parameter",
    "Peril",
    "Relief",
    "ReliefStep",
    "RiskModel",
    "RiskProfile",
    "Signal",
    "SignalKind",
    "SignalState",
    "Span",
    "SystemicEvents",
    "SystemicScenario",
    "Territory",
    "chance_above",
    "combine",
    "combined",
    "credibility",
    "draw_losses",
    "draw_outage",
    "draw_systemic",
    "frequency",
    "hit_probability",
    "layer_mean",
    "limited_mean",
    "mean_loss",
    "parse_model",
    "possible_relativities",
    "profile_of",
    "reference_profile",
    "relief_steps",
    "relieve",
    "scenario_losses",
    "stratified",
    "stream",
    "struck",
    "systemic_scenarios",
    "uniforms",
    "year_levels",
]
