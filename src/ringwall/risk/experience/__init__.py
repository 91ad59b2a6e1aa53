"""Own experience of an insured, and how far it is believed."""

from ringwall.risk.experience.credibility import Credibility, Experience, ExperienceYear, credibility

__all__ = ["Credibility", "Experience", "ExperienceYear", "credibility"]
