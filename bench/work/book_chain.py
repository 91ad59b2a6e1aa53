"""The peer's side of `oasis_ratio`, in its own environment: gulmc, fmpy, summarypy and lecpy over a folder's files.

    python book_chain.py FOLDER POLICIES YEARS SAMPLES

The folder's files are written first, in the peer's own record types. Then one process does stage after stage through
files, so that neither start-up nor pipes count. The samples are Latin hypercubes on Philox, its fastest generator.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
from fm_files import Shape, Terms, write_structure
from numpy.typing import NDArray
from oasislmf.pytools.common import data
from oasislmf.pytools.fm.financial_structure import create_financial_structure
from oasislmf.pytools.fm.manager import run as fmpy
from oasislmf.pytools.getmodel.common import Event_dtype, EventIndexBin_dtype, FootprintHeader
from oasislmf.pytools.gulmc.manager import run as gulmc
from oasislmf.pytools.lec.manager import run as lecpy
from oasislmf.pytools.summary.manager import create_summary_object_file
from oasislmf.pytools.summary.manager import run as summarypy
from sides import serve

FOLDER = Path(sys.argv[1])
POLICIES, YEARS, SAMPLES = (int(word) for word in sys.argv[2:])
INPUT, STATIC, WORK = FOLDER / "input", FOLDER / "static", FOLDER / "work" / "years"
CLOUDS, EVENTS_A_YEAR = 10, 0.9
LOW, HIGH = 0.1, 0.5
"""Between these lies the chance that an event hits a customer of its cloud."""
SPARED, HIT = 1, 2
"""Intensities."""
EVENTS = round(YEARS * EVENTS_A_YEAR)
MEDIAN_HOURS, SPREAD, MOST_HOURS = 14.0, 1.2, 90 * 24
BINS = 60


def main() -> None:
    for folder in (INPUT, STATIC, WORK):
        folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(11)
    write_policies(rng)
    write_events(rng)
    write_hours()
    create_financial_structure(2, str(INPUT))
    create_summary_object_file(str(INPUT), "ri")
    serve(chain)


def write_policies(rng: np.random.Generator) -> None:
    """One item a policy, its sum insured the gross profit of 90 days; waiting hours as a deductible in money."""
    items, number = np.zeros(POLICIES, data.items_dtype), np.arange(1, POLICIES + 1)
    for column in ("item_id", "coverage_id", "group_id"):
        items[column] = number
    items["areaperil_id"], items["vulnerability_id"] = rng.integers(1, CLOUDS + 1, POLICIES), 1
    items.tofile(INPUT / "items.bin")
    np.zeros(0, data.correlations_dtype).tofile(INPUT / "correlations.bin")
    (INPUT / "correlations.csv").write_text(",".join(data.correlations_headers) + "\n", encoding="utf-8")
    hourly = np.exp(rng.normal(math.log(20_000), 1, POLICIES))
    (hourly * MOST_HOURS).astype(data.oasis_float).tofile(INPUT / "coverages.bin")
    write_structure(INPUT, Shape(POLICIES, 1, EVENTS, POLICIES // CLOUDS), drawn_terms(rng, hourly))
    summaries = np.zeros(POLICIES, data.fm_summary_xref_dtype)
    summaries["output"], summaries["summary_id"], summaries["summaryset_id"] = number, 1, 1
    summaries.tofile(INPUT / "fmsummaryxref.bin")


def drawn_terms(rng: np.random.Generator, hourly: NDArray[np.float64]) -> Terms:
    """The terms of `book_work.single_part` but for the annual aggregate, which this chain cannot carry."""

    def one_of(*choices: int) -> NDArray[np.int64]:
        return rng.choice(choices, POLICIES)

    waiting = (one_of(6, 8, 12, 24) * hourly).astype(np.int64)[:, None]
    sublimit = one_of(300_000, 1_000_000, 3_000_000)[:, None]
    retention, limit = one_of(5_000, 20_000, 50_000), one_of(2_000_000, 5_000_000)
    return Terms(waiting, sublimit, retention, limit, one_of(8_000, 9_000, 10_000))


def write_events(rng: np.random.Generator) -> None:
    """Which cloud each event strikes, how likely it hits a customer, and in which year it comes."""
    footprint, index = np.zeros((EVENTS, 2), Event_dtype), np.zeros(EVENTS, EventIndexBin_dtype)
    hit = rng.uniform(LOW, HIGH, EVENTS)
    footprint["areaperil_id"] = rng.integers(1, CLOUDS + 1, EVENTS)[:, None]
    footprint["intensity_bin_id"], footprint["probability"] = (SPARED, HIT), np.column_stack([1 - hit, hit])
    head = np.array([(HIT, 1)], FootprintHeader)
    (STATIC / "footprint.bin").write_bytes(head.tobytes() + footprint.tobytes())
    index["event_id"], index["size"] = np.arange(1, EVENTS + 1), footprint[0].nbytes
    index["offset"] = head.nbytes + np.arange(EVENTS) * footprint[0].nbytes
    index.tofile(STATIC / "footprint.idx")
    index["event_id"].astype(np.int32).tofile(INPUT / "events.bin")
    dates = np.zeros(EVENTS, data.occurrence_dtype)
    dates["event_id"], dates["period_no"] = index["event_id"], rng.integers(1, YEARS + 1, EVENTS)
    (INPUT / "occurrence.bin").write_bytes(np.array([1, YEARS], np.int32).tobytes() + dates.tobytes())


def write_hours() -> None:
    """The lognormal hours of an outage as shares of 90 days, in bins of equal ratio, uniform within; bin 1 is nil."""
    edges = np.r_[0, np.geomspace(0.25, MOST_HOURS, BINS)]
    below = np.array([0.5 * (1 + math.erf(math.log(e / MEDIAN_HOURS) / SPREAD / 2**0.5)) if e else 0.0 for e in edges])
    bins, chances = np.zeros(BINS + 1, data.damagebin_dtype), np.zeros(BINS + 1, data.vulnerability_dtype)
    bins["bin_index"], bins["bin_from"][1:], bins["bin_to"][1:] = np.arange(1, BINS + 2), edges[:-1], edges[1:]
    bins["bin_from"] /= MOST_HOURS
    bins["bin_to"] /= MOST_HOURS
    bins["interpolation"] = (bins["bin_from"] + bins["bin_to"]) / 2
    bins.tofile(STATIC / "damage_bin_dict.bin")
    chances["vulnerability_id"], chances["intensity_bin_id"], chances["damage_bin_id"] = 1, HIT, bins["bin_index"]
    chances["probability"][1:] = np.diff(below) / below[-1]
    chances["intensity_bin_id"][0], chances["probability"][0] = SPARED, 1
    (STATIC / "vulnerability.bin").write_bytes(np.array([BINS + 1], np.int32).tobytes() + chances.tobytes())


def chain() -> None:
    gul, il, years = FOLDER / "gul.bin", FOLDER / "il.bin", WORK / "years.bin"
    gulmc(
        str(FOLDER), set(), SAMPLES, 1e-6, 0, 0, 2, file_in=str(INPUT / "events.bin"), file_out=str(gul)
    )  # fmt: skip
    fmpy(
        create_financial_structure_files=False, allocation_rule=2, static_path=str(INPUT), files_in=[str(gul)],
        files_out=[str(il)], low_memory=False, sort_output=False, net_loss=None, storage_method="sparse",
    )  # fmt: skip
    summarypy([str(il)], str(INPUT), "ri", False, False, summary_sets_output=["-1", str(years)])
    lecpy(
        str(FOLDER), "years", ept_output_file=str(FOLDER / "ept.csv"), agg_full_uncertainty=True,
        occ_full_uncertainty=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
