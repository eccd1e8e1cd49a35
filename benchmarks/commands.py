"""The commands that end, each beside something plain that takes no longer than it must."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autoconfig.names import Domain
from autoconfig.zone.wanted import names_of_interest
from benchmarks import zones
from benchmarks.measuring import Unusable, interleaved
from benchmarks.questions import MOZILLA, domain, write_config
from benchmarks.servers import BIN
from tests.support.services import service_of

PLANNED = 400
"""Domains of an agency."""
DOMAINS_AT_ONCE = 8
"""With a dozen questions each, as many as the command has under way."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of a command and of the plain thing beside it, round by round."""

    command: str
    beside: str
    seconds: Sequence[float]
    beside_seconds: Sequence[float]


def measure_show(folder: Path, rounds: int) -> Timing:
    """`show` in a process of its own, as a shell starts it. Raises `Unusable`."""
    config = write_config(folder, 1)
    show = [str(BIN / "autoconfig"), "show", "autoconfig", domain(0), "--config", str(config)]
    if subprocess.run(show, capture_output=True, check=True).stdout != _document(domain(0)):
        raise Unusable("show prints a wrong document")
    bare = [sys.executable, "-c", "import jinja2"]
    run = partial(subprocess.run, stdout=subprocess.DEVNULL, check=True)
    return _compare(
        "show",
        rounds,
        ("autoconfig show", partial(_seconds, partial(run, show))),
        ('python -c "import jinja2"', partial(_seconds, partial(run, bare))),
    )


def measure_export(folder: Path, rounds: int, domains: int) -> Timing:
    """`export`, and a loop that makes the same folders and writes the same bytes to the same paths.

    The loop has the bytes in memory. Neither side calls fsync, and all that was written before is
    on the disk when one begins. Raises `Unusable` if a file is missing or wrong.
    """
    config, tree = write_config(folder, domains), folder / "tree"
    command = [str(BIN / "autoconfig"), "export", str(tree), "--config", str(config)]
    export = partial(subprocess.run, command, stderr=subprocess.DEVNULL, check=True)
    export()
    files = [(str(path), path.read_bytes()) for path in tree.rglob("*.xml")]
    right = {_document(domain(number)) for number in range(domains)}
    if {content for _, content in files} != right:
        raise Unusable("export does not write the documents of its domains")

    def fresh(write: Callable[[], object]) -> float:
        shutil.rmtree(tree)
        os.sync()
        return _seconds(write)

    return _compare(
        "export",
        rounds,
        (f"autoconfig export, {domains:,} domains", partial(fresh, export)),
        ("a loop that writes the same files", partial(fresh, partial(_write, files))),
    )


def measure_dns(folder: Path, rounds: int) -> Timing:
    """`dns`, and its questions put to the same name server by dnspython alone.

    The name server answers at once: what the command waits for is its own work. Raises `Unusable`.
    """
    with zones.name_server(folder) as resolver:
        names = [Domain(zones.detected(number)) for number in range(PLANNED)]
        options = ("--offer", "mx-plan", "--to", "192.0.2.1", "--json", "--resolver", resolver)
        command = [str(BIN / "autoconfig"), "dns", "-", *options]
        plan = partial(
            subprocess.run, command, input="\n".join(names), text=True, capture_output=True
        )
        plans = json.loads(plan(check=False).stdout)
        if any(each["failure"] for each in plans) or len(plans) != PLANNED:
            raise Unusable("dns does not plan all domains")
        questions = [_questions(name) for name in names]
        return _compare(
            "dns",
            rounds,
            (f"autoconfig dns, {PLANNED} domains", partial(_seconds, plan)),
            (
                "its questions by dnspython",
                partial(_seconds, partial(zones.ask, resolver, questions, DOMAINS_AT_ONCE)),
            ),
        )


def _questions(domain: Domain) -> list[tuple[str, str]]:
    """What `dns` asks the resolver of a domain without a zone of its own; no name has an alias."""
    names = names_of_interest(domain, service_of("mx-plan"))
    looked_at = [(name, kind) for name, kinds in names.items() for kind in kinds]
    parents = [(domain, "NS"), (domain.partition(".")[2], "NS")]
    return [*parents, *(each for each in looked_at if each[1] != "CNAME")]


def _write(files: Sequence[tuple[str, bytes]]) -> None:
    for path, content in files:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)


def _compare(
    what: str,
    rounds: int,
    ours: tuple[str, Callable[[], float]],
    plain: tuple[str, Callable[[], float]],
) -> Timing:
    measured = interleaved(what, rounds, dict((ours, plain)))
    return Timing(ours[0], plain[0], measured[ours[0]], measured[plain[0]])


def _seconds(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def _document(name: str) -> bytes:
    return MOZILLA.answer_to(f"alice@{name}")
