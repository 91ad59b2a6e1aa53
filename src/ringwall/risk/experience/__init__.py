"""Own experience of an insured, and how far it is believed."""

from ringwall.risk.experience.credibility import Credibility, Experience, ExperienceYear, credibility
from ringwall.risk.experience.record import InsuredPeriod, with_declared, years_on_record

__all__ = [
    "Credibility",
    "Experience",
    "ExperienceYear",
    "InsuredPeriod",
    "credibility",
    "with_declared",
    "years_on_record",
]
