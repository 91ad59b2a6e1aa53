"""Starts the real services of the lab, each as an ordinary process in a folder of its own, and ends them."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import dns.rdatatype
import dns.zone
import yaml
from tests.shell.probes.lab.certificates import write_certificate

from ringwall.exposure import Asset, AssetKind
from ringwall.shell.probes import DnsResolver, Records, Resolver
from ringwall.shell.store.embedded.place import copy_programs, wheel_programs

HERE = Path(__file__).parent
SYSTEM_PROGRAMS = ("/usr/sbin", "/usr/local/sbin", "/sbin")
START_SECONDS = 15.0
PREPARE_SECONDS = 60.0
END_SECONDS = 5.0
NETWORKS = 256
PAUSE_SECONDS = 0.02


def read(name: str) -> Any:
    return yaml.load((HERE / name).read_text("utf-8"), Loader=yaml.BaseLoader)


@dataclass(slots=True)
class RealLab:
    """A running lab; `missing` says of each service that could not be started why."""

    folder: Path
    addresses: Mapping[str, str]
    ports: dict[str, tuple[int, ...]]
    missing: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The domains and their hosts, name servers apart."""
        plan = read("hosts.yaml")
        hosts = [Asset(name, AssetKind.HOST) for name in plan["hosts"] if not name.startswith("ns")]
        return (*(Asset(name, AssetKind.DOMAIN) for name in plan["domains"]), *hosts)

    @property
    def dns_port(self) -> int:
        return int(read("hosts.yaml")["dns_port"])

    @property
    def resolver(self) -> Resolver:
        """The lab's own name server, or its zone files where it is not installed."""
        if "nsd" in self.missing:
            return ZoneFiles(self.folder / "nsd")
        return DnsResolver(((self.addresses["ns1.slack.test"], self.dns_port),))

    @property
    def further_ports(self) -> dict[str, tuple[int, ...]]:
        return {probe: tuple(map(int, ports)) for probe, ports in read("hosts.yaml")["further_ports"].items()}

    @property
    def swept_ports(self) -> tuple[int, ...]:
        """Every port on which a service of the lab may listen, the name server's apart."""
        listening = {port for ports in self.ports.values() for port in ports}
        return tuple(sorted(listening - {self.dns_port}))

    def end(self) -> None:
        for process in self.processes:
            _signal(process, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
            _signal(process, signal.SIGKILL)  # what it may have left behind in its own group


@contextmanager
def real_lab() -> Iterator[RealLab]:
    """The lab with every service that this machine can run; leave the block and all of them are gone."""
    with tempfile.TemporaryDirectory(prefix="ringwall-lab-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        lab = RealLab(folder, _addresses(), {})
        try:
            _write_certificates(folder / "keys")
            for path in sorted(HERE.glob("*/service.yaml")):
                service = path.parent.name
                if why := _start(service, lab):
                    lab.missing[service] = why
            yield lab
        finally:
            lab.end()


def _addresses() -> dict[str, str]:
    """The first network 127.42.N in which nobody holds the name server's port, beginning at one of this process."""
    plan = read("hosts.yaml")
    for step in range(NETWORKS):
        network = f"{plan['network']}.{(os.getpid() + step) % NETWORKS}"
        with socket.socket() as trial:
            try:
                trial.bind((f"{network}.1", int(plan["dns_port"])))
            except OSError:
                continue
        return {name: f"{network}.{host['number']}" for name, host in plan["hosts"].items()}
    raise RuntimeError(f"every network {plan['network']}.* of this machine is in use")


def _write_certificates(folder: Path) -> None:
    folder.mkdir()
    for host, kind in read("hosts.yaml")["certificates"].items():
        write_certificate(folder / f"{host}.pem", host, kind)


def _start(service: str, lab: RealLab) -> str:
    """Start all instances of one service; why it is missing, or nothing."""
    plan = read(f"{service}/service.yaml")
    program, folder = _program(plan["program"], lab.folder), lab.folder / service
    user = plan.get("user") if os.geteuid() == 0 else None
    words = _words(lab, service, folder, program or "")
    _write_folder(service, folder, words, user)
    if program is None:
        return f"{plan['program']} is not installed"
    if plan.get("needs_root") and os.geteuid() != 0:
        return f"{plan['program']} needs root"
    try:
        for command in plan.get("prepare", ()):
            _prepare(_filled(command, words), folder, user)
        started = [_run(_command(program, plan, one, words, lab), folder, user, lab) for one in plan["instances"]]
    except (OSError, subprocess.SubprocessError) as failure:
        return str(failure)
    for instance, process in zip(plan["instances"], started, strict=True):
        if why := _not_listening(process, lab.addresses[instance["host"]], int(instance["port"]), folder):
            return why
    lab.ports[service] = _listening_ports(service, plan)
    return ""


def _listening_ports(service: str, plan: Mapping[str, Any]) -> tuple[int, ...]:
    """The ports of the instances; nginx alone has more of them in one configuration."""
    ports = {int(instance["port"]) for instance in plan["instances"]}
    return tuple(sorted(ports | ({8000, 8080, 8443} if service == "nginx" else set())))


def _program(name: str, folder: Path) -> str | None:
    """Where a program lies; PostgreSQL's is Ringwall's own, as root in a copy that its user can read."""
    if name == "python":
        return sys.executable
    if name == "postgres":
        programs = wheel_programs()
        if os.geteuid() == 0:
            programs = copy_programs(programs, folder / "programs")
        return str(programs / "bin" / name)
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *SYSTEM_PROGRAMS)))


def _words(lab: RealLab, service: str, folder: Path, program: str) -> dict[str, str]:
    """What the `$` words of a configuration stand for."""
    hosts = {host["word"]: lab.addresses[name] for name, host in read("hosts.yaml")["hosts"].items()}
    script, bin_folder = str(HERE / service / "servers.py"), str(Path(program).parent)
    return hosts | {"folder": str(folder), "keys": str(lab.folder / "keys"), "script": script, "bin": bin_folder}


def _write_folder(service: str, folder: Path, words: Mapping[str, str], user: str | None) -> None:
    for name in ("empty", "files"):
        (folder / name).mkdir(parents=True)
    (folder / "files" / "price-list.txt").write_text("invented\n", "utf-8")
    for path in sorted((HERE / service).iterdir()):
        if path.is_file() and path.suffix != ".py" and path.name != "service.yaml":
            (folder / path.name).write_text(Template(path.read_text("utf-8")).substitute(words), "utf-8")
    (folder / "empty").chmod(0o555)
    if user:
        owner = pwd.getpwnam(user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _filled(command: list[str], words: Mapping[str, str]) -> list[str]:
    return [Template(word).substitute(words) for word in command]


def _prepare(command: list[str], folder: Path, user: str | None) -> None:
    group = pwd.getpwnam(user).pw_gid if user else None
    done = subprocess.run(
        command, cwd=folder, user=user, group=group, capture_output=True, timeout=PREPARE_SECONDS, check=False
    )
    if done.returncode:
        raise subprocess.SubprocessError(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-300:]}")


def _command(
    program: str, plan: Mapping[str, Any], instance: Mapping[str, Any], words: Mapping[str, str], lab: RealLab
) -> list[str]:
    """The program with its arguments, or the listener that starts it for each connection."""
    config = {"config": str(Path(words["folder"]) / instance["config"])} if "config" in instance else {}
    command = [program, *_filled(instance["arguments"], {**words, **config})]
    if plan.get("listener"):
        return [sys.executable, words["script"], lab.addresses[instance["host"]], instance["port"], *command]
    return command


def _run(command: list[str], folder: Path, user: str | None, lab: RealLab) -> subprocess.Popen[bytes]:
    openssl = folder / "openssl.cnf"
    environment = os.environ | ({"OPENSSL_CONF": str(openssl)} if openssl.exists() else {})
    group = pwd.getpwnam(user).pw_gid if user else None
    with (folder / "output.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, user=user, group=group, env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    lab.processes.append(process)
    return process


def _not_listening(process: subprocess.Popen[bytes], address: str, port: int, folder: Path) -> str:
    """Nothing once it listens; else what it has said."""
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last and process.poll() is None:
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            time.sleep(PAUSE_SECONDS)
        else:
            return ""
    said = (folder / "output.log").read_text("utf-8", "replace")[-300:]
    return f"{Path(str(process.args[0])).name} does not listen on port {port}: {said}"  # type: ignore[index]


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """To the process and what it has started: each has a session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


class ZoneFiles:
    """A resolver that reads the lab's zone files."""

    def __init__(self, folder: Path) -> None:
        self._zones = [dns.zone.from_file(str(path), relativize=False) for path in sorted(folder.glob("*.zone"))]

    async def look_up(self, name: str, kind: str) -> Records:
        wanted = dns.name.from_text(name)
        for zone in self._zones:
            if wanted.is_subdomain(zone.origin) and (found := zone.get_rdataset(wanted, kind)):
                return Records(name, tuple(_text(rdata) for rdata in found))
        return Records(name, ())


def _text(rdata: Any) -> str:
    match rdata.rdtype:
        case dns.rdatatype.TXT:
            return b"".join(rdata.strings).decode()
        case dns.rdatatype.MX:
            return str(rdata.exchange.to_text(omit_final_dot=True))
        case dns.rdatatype.NS:
            return str(rdata.target.to_text(omit_final_dot=True))
        case _:
            return str(rdata.to_text())
