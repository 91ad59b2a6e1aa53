"""Our scanner with its limits on against `nmap -sV`: same hosts and ports of the lab of real services; one JSON line.

`scan_nmap_ratio` is nmap's wall time over ours on the ports of the programs from packages; null where nmap is not
installed or did not end in time.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.shell.probes.conftest import AT  # noqa: E402
from tests.shell.probes.lab.real import RealLab, read, real_lab  # noqa: E402
from tests.shell.probes.test_real_lab import scan_real  # noqa: E402

from ringwall import catalogue  # noqa: E402
from ringwall.evidence import Rules, ScanResult, find, parse_rules  # noqa: E402
from ringwall.exposure import AssetKind  # noqa: E402

RUNS = 3
NMAP_SECONDS = 600.0
NMAP_OPTIONS = ("-n", "-Pn", "-sT", "-sV", "-oX", "-")


def measure() -> dict[str, object]:
    with real_lab() as lab:
        judged = _judged(scan_real(lab), lab)
        lab.ports.pop("own", None)  # our own small servers leave nmap waiting, which would flatter us
        ours = sorted(_timed(lab) for _ in range(RUNS))
        wall, cpu = ours[RUNS // 2]
        peer = _nmap_seconds(lab)
        hosts = len(_addresses(lab))
        figures: dict[str, object] = {
            "scan_nmap_ratio": round(peer / wall, 1) if peer else None,
            "scan_s": round(wall, 3),
            "scan_cpu_s_a_host": round(cpu / hosts, 3),
            "nmap_s": round(peer, 1) if peer else None,
            "hosts": hosts,
            "ports": len(lab.swept_ports),
            "services_missing": sorted(lab.missing),
        }
        return figures | judged


def _timed(lab: RealLab) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    scan_real(lab)
    return time.perf_counter() - wall, time.process_time() - cpu


def _judged(result: ScanResult, lab: RealLab) -> dict[str, object]:
    """How many of the seeded weaknesses were found, and how many statements are not on the list."""
    rules = parse_rules(catalogue.read_folder("controls")["checks.yaml"], "checks.yaml")
    assert isinstance(rules, Rules), rules
    found = {(one.locator, one.check, one.severity.name) for one in find("insured", result.observations, AT, rules)}
    expected = read("expected.yaml")
    seeded = {tuple(row[:3]) for row in expected["seeded"] if row[3] not in lab.missing}
    besides = {tuple(row[:3]) for row in expected["besides"]}
    return {"seeded": len(seeded), "seeded_found": len(seeded & found), "wrong": len(found - seeded - besides)}


def _addresses(lab: RealLab) -> list[str]:
    return [lab.addresses[asset.name] for asset in lab.assets if asset.kind is AssetKind.HOST]


def _nmap_seconds(lab: RealLab) -> float | None:
    program = shutil.which("nmap")
    if program is None:
        return None
    ports = ",".join(map(str, lab.swept_ports))
    began = time.perf_counter()
    try:
        subprocess.run(
            [program, *NMAP_OPTIONS, "-p", ports, *_addresses(lab)],
            check=True, timeout=NMAP_SECONDS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(measure()))
