"""The plan of a lab: which host runs which service in which stage, read from a catalogue file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringwall import catalogue
from ringwall.basics import read_yaml


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """One listening service; what it does beyond its kind stands in `options`."""

    host: str
    port: int
    service: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A DNS record of the zone; `@` is the zone itself."""

    name: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class LabPlan:
    """`further_name_servers` are other names of hosts at the name server's own address."""

    zone: str
    name_server: str
    further_name_servers: tuple[str, ...]
    dns_port: int
    http_port: int
    hands_out_zone: bool
    hosts: Mapping[str, int]
    records: tuple[Record, ...]
    stages: Mapping[str, tuple[ServicePlan, ...]]

    def name_of(self, host: str) -> str:
        return self.zone if host == "@" else f"{host}.{self.zone}"

    def name_servers(self) -> tuple[str, ...]:
        return (self.name_server, *self.further_name_servers)

    def ports(self) -> tuple[int, ...]:
        """Every port that a service of any stage listens on."""
        return tuple(sorted({service.port for services in self.stages.values() for service in services}))


def read_plan(text: str) -> LabPlan:
    raw = read_yaml(text)
    stages = {stage: tuple(_service(row) for row in rows) for stage, rows in raw["stages"].items()}
    return LabPlan(
        raw["zone"],
        raw["name_server"],
        tuple(raw.get("further_name_servers", ())),
        int(raw["dns_port"]),
        int(raw["http_port"]),
        raw.get("hands_out_zone", "no") == "yes",
        {host: int(number) for host, number in raw["hosts"].items()},
        tuple(Record(row["name"], row["kind"], row["value"]) for row in raw["records"]),
        stages,
    )


def _service(row: Mapping[str, str]) -> ServicePlan:
    options = tuple(sorted((name, value) for name, value in row.items() if name not in ("host", "port", "service")))
    return ServicePlan(row["host"], int(row["port"]), row["service"], options)


def case_plan() -> LabPlan:
    """The lab of the case that the main job tells."""
    return read_plan(catalogue.read_folder("lab")["jiangkou.yaml"])
