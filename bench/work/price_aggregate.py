"""The plain case in aggregate: build, quantiles, tail mean.

Without `!` its `y xs a` is conditional on a loss above the attachment, which is another contract.
"""

from __future__ import annotations

import json
import time
import warnings

warnings.filterwarnings("ignore")

from aggregate import build  # noqa: E402

CASE = "agg Case{} 0.8 claims 2000000 xs 50000 sev lognorm 250000 cv 3 ! poisson aggregate ceded to 3000000 xs 0"
CHANCES = (0.5, 0.75, 0.9, 0.95, 0.99)
REPEATS = 9


def run(turn: int) -> dict[str, object]:
    year = build(CASE.format(turn), log2=16, bs=500)
    quantiles = [float(year.q(chance)) for chance in CHANCES]
    return {"expected": float(year.est_m), "quantiles": quantiles, "tail_mean": float(year.tvar(0.99))}


found, times = run(0), []
for turn in range(REPEATS):
    began = time.process_time()
    run(turn + 1)
    times.append(time.process_time() - began)
print(json.dumps({**found, "plain_ms": min(times) * 1e3}))
