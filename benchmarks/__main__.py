"""Measure, print the tables, draw the plot, and keep both.

A full run writes `docs/performance.md`; one that is quick or partial says nothing that should be
published, and its tables stay in `build/bench/` beside the plot.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import checking, commands, detection, people, startup, throughput, ways
from benchmarks.measuring import Unusable, progress
from benchmarks.plot import draw
from benchmarks.report import machine, markdown, put_into
from benchmarks.targets import Results

OUTPUT = Path("build/bench")
PUBLISHED = Path("docs/performance.md")
PARTS = ("requests", "ways", "people", "startup", "detection", "show", "dns", "check", "export")

MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of a name of its own is made there
ROOM = 4 * 10**9
"""Bytes that the largest tree takes, twice over."""

BUSY = 0.5
"""Processes, on average over the last minute, that would compete with those that are measured."""

SHOWS = 5
"""Rounds of `show` in each of the others: it takes a fraction of a second."""


def main() -> int:
    options = _options()
    parts: Sequence[str] = options.only or PARTS
    rounds = options.rounds or (3 if options.quick else 5)
    seconds = 1 if options.quick else 4
    with tempfile.TemporaryDirectory(prefix="autoconfig-bench-", dir=options.folder) as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx works as another user
        conditions = machine(folder, rounds, seconds)
        if os.getloadavg()[0] > BUSY:
            progress("bench: the machine is busy with something else; the rounds will scatter")
        try:
            results = _measure(folder, parts, rounds, seconds, quick=options.quick)
        except Unusable as error:
            progress(f"bench: {error}")
            return 1
    text = markdown(results, conditions)
    draw(results, conditions, OUTPUT / "performance.png")
    full = set(parts) == set(PARTS) and not options.quick
    document = PUBLISHED if full else OUTPUT / "performance.md"
    put_into(document, text)
    sys.stdout.write(text)
    progress(f"bench: the tables are in {document}, the plot in {OUTPUT}/performance.png")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short rounds, and few of them")
    parser.add_argument("--rounds", type=int, help="how many; 5, or 3 if quick")
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="a part to measure; may be repeated"
    )
    parser.add_argument(
        "--folder", default=_memory(), help="where to put files; a file system in memory, if one is"
    )
    return parser.parse_args()


def _memory() -> str | None:
    """A file system in memory: what `export` costs beyond the disk shows best there."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return str(MEMORY) if roomy else None


def _measure(
    folder: Path, parts: Sequence[str], rounds: int, seconds: int, *, quick: bool
) -> Results:
    results, ended = Results(), []
    if "show" in parts:
        ended.append(commands.measure_show(folder / "show", rounds * SHOWS))
    if "dns" in parts:
        ended.append(commands.measure_dns(folder / "dns", rounds))
    if "startup" in parts:
        results.starts = startup.measure(folder / "startup", rounds, million=not quick)
    if "requests" in parts:
        results.requests = throughput.measure(folder, rounds, seconds)
    if "ways" in parts:
        results.ways = ways.measure(folder / "ways", round(rounds * seconds / ways.SECONDS))
    if "people" in parts:
        results.people = people.measure(folder / "people", rounds, seconds)
    if "detection" in parts:
        results.detection = detection.measure(folder / "detection", rounds, seconds, quick=quick)
    if "check" in parts:
        results.checks = checking.measure(folder / "check", rounds)
    if "export" in parts:  # last: the disk is busy for a while after it
        domains = 10_000 if quick else 100_000
        ended.append(commands.measure_export(folder / "export", rounds, domains))
    results.commands = ended
    return results


sys.exit(main())
