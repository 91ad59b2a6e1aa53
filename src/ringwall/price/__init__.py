"""What a risk costs and why: technical premium, filed factor and bounds, waterfall, fix list, subsidy."""

from ringwall.price.annual import YearAhead, saved_by_period, year_ahead, year_of
from ringwall.price.basis import Offer, PartMeans, PricingBasis, prepare, with_each, with_experience, with_terms
from ringwall.price.mending import Fix, FixPlan, Mended, all_fixed, cheapest_fixes, fixes, mend
from ringwall.price.options import Option, option
from ringwall.price.premium import (
    Charged,
    ExpectedLoss,
    Origin,
    PricedRisk,
    bounded_factor,
    charged,
    expected_losses,
    price_risk,
    relative_fall,
    rerated_net,
    vat_on,
)
from ringwall.price.rates import FiledNumber, FiledRange, FiledRates, parse_rates, unfiled_factors
from ringwall.price.subsidy import SubsidyScheme, SubsidySplit, split_subsidy
from ringwall.price.technical import Burden, Charge, burden, charge_for
from ringwall.price.uncertainty import Sensitivity, Uncertainty, technical_interval, uncertainty_of
from ringwall.price.waterfall import Waterfall, WaterfallStep

__all__ = [
    "Burden",
    "Charge",
    "Charged",
    "ExpectedLoss",
    "FiledNumber",
    "FiledRange",
    "FiledRates",
    "Fix",
    "FixPlan",
    "Mended",
    "Offer",
    "Option",
    "Origin",
    "PartMeans",
    "PricedRisk",
    "PricingBasis",
    "Sensitivity",
    "SubsidyScheme",
    "SubsidySplit",
    "Uncertainty",
    "Waterfall",
    "WaterfallStep",
    "YearAhead",
    "all_fixed",
    "bounded_factor",
    "burden",
    "charge_for",
    "charged",
    "cheapest_fixes",
    "expected_losses",
    "fixes",
    "mend",
    "option",
    "parse_rates",
    "prepare",
    "price_risk",
    "relative_fall",
    "rerated_net",
    "saved_by_period",
    "split_subsidy",
    "technical_interval",
    "uncertainty_of",
    "unfiled_factors",
    "vat_on",
    "with_each",
    "with_experience",
    "with_terms",
    "year_ahead",
    "year_of",
]
