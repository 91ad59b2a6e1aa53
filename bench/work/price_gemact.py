"""The plain case in GEMAct: build, mean and quantiles; it has no tail mean of an annual layer."""

from __future__ import annotations

import json
import math
import time
import warnings

warnings.filterwarnings("ignore")

from gemact.lossmodel import Frequency, Layer, LossModel, PolicyStructure, Severity  # noqa: E402
from twiggy import emitters  # noqa: E402

emitters.clear()  # it would log each transform, which is no part of the work
SIGMA = math.sqrt(math.log(10))
MEDIAN = 250_000 * math.exp(-SIGMA * SIGMA / 2)
CHANCES = (0.5, 0.75, 0.9, 0.95, 0.99)
REPEATS = 9


def run() -> dict[str, object]:
    year = LossModel(
        severity=Severity(dist="lognormal", par={"shape": SIGMA, "scale": MEDIAN}),
        frequency=Frequency(dist="poisson", par={"mu": 0.8}),
        policystructure=PolicyStructure(layers=[Layer(cover=2e6, deductible=5e4, aggr_cover=3e6)]),
        aggr_loss_dist_method="fft",
        sev_discr_method="massdispersal",
        n_sev_discr_nodes=4001,
        sev_discr_step=500.0,
        n_aggr_dist_nodes=1 << 16,
    )
    return {"expected": float(year.mean(use_dist=True)), "quantiles": [float(q) for q in year.ppf(list(CHANCES))]}


found, times = run(), []
for _ in range(REPEATS):
    began = time.process_time()
    run()
    times.append(time.process_time() - began)
print(json.dumps({**found, "plain_ms": min(times) * 1e3}))
