"""The results as Markdown, which a terminal shows as well and `docs/performance.md` keeps."""

import math
import os
import platform
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.detection import Beside, Detection
from benchmarks.measuring import Spread, ratio, spread
from benchmarks.people import MOZILLA as DOCUMENT
from benchmarks.people import People
from benchmarks.processes import program
from benchmarks.questions import MOZILLA
from benchmarks.servers import WORKERS, automx2_is_installed
from benchmarks.targets import NGINX, Results, across, against, targets
from benchmarks.throughput import Comparison
from benchmarks.wrk import CONNECTIONS, ENOUGH, Load

BEGIN = "<!-- What follows is written by `make bench`. -->"
END = "<!-- What precedes is written by `make bench`. -->"
NEW = f"# Performance\n\n{BEGIN}\n{END}\n"


def machine(folder: Path, rounds: int, seconds: int) -> str:
    """When, on what and how it is measured. The load is that of the minute before."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    nginx = subprocess.run([program("nginx"), "-v"], capture_output=True, text=True, check=True)
    files = subprocess.run(
        [program("stat"), "-f", "-c", "%T", folder], capture_output=True, text=True, check=True
    )
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, ovh-autoconfig {version('ovh-autoconfig')}: "
        f"{len(os.sched_getaffinity(0))} cores ({model[1] if model else platform.machine()}), "
        f"load average {os.getloadavg()[0]:.1f} before the run, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"granian {version('granian')}, nginx {nginx.stderr.strip().rpartition('/')[2]}, "
        f"files on {files.stdout.strip()}.\n"
        f"{rounds} interleaved rounds: their median and, after it, the lowest and the highest.\n"
        f"A round of requests is `wrk -t1 -c{CONNECTIONS} -d{seconds}s --latency` on the same "
        f"machine; every server has {WORKERS} workers, and autoconfig writes its access log.\n"
        "Other ways of asking have rounds of half a second, as many as fill the same time, and a "
        "loop in Python instead of wrk, which cannot read answers to HEAD.\n"
        f"A 99th percentile of fewer than {ENOUGH} answers is none: too few.\n"
        "CPU is the user and system time of all processes of a server, for one answer.\n"
        "To measure again: `make bench`."
    )


def markdown(results: Results, machine: str) -> str:
    """All tables that there are results for, below what they were measured on."""
    parts = [machine, *_targets(results)]
    parts += [part for comparison in results.requests for part in _requests(comparison)]
    parts += [*_ways(results)]
    if results.people:
        parts += [*_people(results.people), *_flood("codes", results.people.beside)]
    parts += [*_startup(results), *_commands(results)]
    if results.detection:
        parts += [
            *_detection(results.detection),
            *_flood("made-up domains", results.detection.beside),
        ]
    return "\n\n".join(parts) + "\n"


def title(comparison: Comparison) -> str:
    count = comparison.requests
    how = "one request repeated" if count == 1 else f"{count:,} requests in turn"
    return f"{comparison.question.title}, {how}"


def put_into(document: Path, text: str) -> None:
    """Put the results between their marks; what people have written around them stays.

    Raises `ValueError` if a mark is missing.
    """
    document.parent.mkdir(parents=True, exist_ok=True)
    old = document.read_text() if document.exists() else NEW
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{document} lacks the line: {END if begin else BEGIN}")
    document.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}")


def _targets(results: Results) -> Iterator[str]:
    rows = [
        (each.name, each.wanted, *_shown(each.measured), "yes" if each.is_met else "no")
        for each in targets(results)
    ]
    if rows:
        yield "## Targets"
        yield table(("what", "target", "measured", "range", "met"), rows)


def _requests(comparison: Comparison) -> Iterator[str]:
    nginx = comparison.loads[NGINX]
    rows = [
        (
            name,
            f"{domains:,}",
            *_beside(nginx, loads, lambda load: load.rate, ",.0f", digits=3),
            *_beside(nginx, loads, lambda load: load.p99, ".1f"),
            *_beside(nginx, loads, lambda load: load.cpu, ".1f"),
        )
        for (name, domains), loads in comparison.loads.items()
    ]
    head = ("server", "domains", "requests/s", "share of nginx", "range")
    yield f"## {title(comparison)}"
    beside = ("times nginx", "range")
    yield table((*head, "p99 in ms", *beside, "CPU in µs", *beside), rows)
    if comparison.requests == 1 and not automx2_is_installed():
        yield "automx2 is not compared: it does not install here."


def _ways(results: Results) -> Iterator[str]:
    rows = [
        (
            question.title,
            *_beside(results.ways[MOZILLA], loads, lambda load: load.rate, ",.0f"),
            *_beside(results.ways[MOZILLA], loads, lambda load: load.cpu, ".1f"),
        )
        for question, loads in results.ways.items()
    ]
    if rows:
        yield "## Other ways of asking autoconfig"
        head = ("question", "requests/s", f"share of {MOZILLA.title}", "range")
        yield table((*head, "CPU in µs", f"times {MOZILLA.title}", "range"), rows)


def _beside(
    base: Sequence[Load],
    loads: Sequence[Load],
    value: Callable[[Load], float],
    form: str,
    digits: int = 2,
) -> tuple[str, str, str]:
    """The median of a figure, and as a multiple of the one of `base`, with its range."""
    median = spread([value(load) for load in loads]).median
    shown = "too few" if math.isnan(median) else f"{median:{form}}"
    return (shown, *_shown(against(loads, base, value), digits))


def _people(found: People) -> Iterator[str]:
    base = found.loads[DOCUMENT]
    rows = [
        (each.title, *_beside(base, loads, lambda load: load.cpu, ",.0f"))
        for each, loads in found.loads.items()
    ]
    yield "## What people and their phones ask for"
    yield table(("question", "CPU in µs", f"times {DOCUMENT.title}", "range"), rows)


def _startup(results: Results) -> Iterator[str]:
    rows = [
        (
            f"{domains:,}",
            f"{len(starts)}",
            f"{across(starts, lambda start: start.seconds).median:.2f}",
            *_shown(across(starts, lambda start: start.cpu)),
            f"{across(starts, lambda start: start.worker).median:.0f}",
            f"{across(starts, lambda start: start.whole).median:.0f}",
        )
        for domains, starts in results.starts.items()
    ]
    if rows:
        yield f"## Start-up with {WORKERS} workers, and memory"
        head = ("domains", "starts", "s to the first answer", "s of CPU, all processes", "range")
        yield table((*head, "MB, largest worker", "MB, all processes"), rows)


def _commands(results: Results) -> Iterator[str]:
    rows = [
        (
            each.command,
            f"{spread(each.seconds).median:.3f}",
            each.beside,
            f"{spread(each.beside_seconds).median:.3f}",
            *_shown(ratio(each.seconds, each.beside_seconds)),
        )
        for each in results.commands
    ]
    if rows:
        yield "## Commands"
        yield table(("command", "s", "beside", "s", "ratio", "range"), rows)


def _detection(found: Detection) -> Iterator[str]:
    rows = [
        (
            hits.question.title,
            f"{hits.domains:,}",
            f"{spread([load.rate for load in hits.configured]).median:,.0f}",
            *_beside(hits.configured, hits.detected, lambda load: load.rate, ",.0f"),
            *_beside(hits.configured, hits.detected, lambda load: load.cpu, ".1f"),
        )
        for hits in found.hits
    ]
    yield "## Domains found by DNS, beside configured ones"
    head = ("question", "domains", "requests/s, configured", "requests/s, detected")
    beside = ("times configured", "range")
    yield table((*head, *beside, "CPU in µs, detected", *beside), rows)
    look_up = spread([each / 1e3 for each in found.look_ups])
    first, again = (spread([load.cpu for load in loads]) for loads in (found.firsts, found.again))
    yield (
        f"The first request for a domain takes {first.median / 1e3:.2f} ms of CPU, the same again "
        f"{again.median:.0f} µs: its look-up is {look_up.median:.2f} ms ({look_up.low:.2f} to "
        f"{look_up.high:.2f}), and two bare queries {spread(found.bare).median / 1e3:.2f} ms.\n"
        f"One worker and nsd make {spread([load.rate for load in found.firsts]).median:,.0f} first "
        f"requests a second.\n"
        f"A worker that knows {found.domains:,} such domains has {found.grown:.0f} MB more."
    )


def _flood(what: str, beside: Mapping[str, Sequence[Beside]]) -> Iterator[str]:
    """What these do to configured domains. The first case of `beside` is without them."""
    without, first = next(iter(beside.items()))
    base = [each.p99 for each in first]
    rows = [
        (
            name,
            f"{spread([each.flood for each in rounds]).median:,.0f}",
            f"{sum(each.failed for each in rounds)}",
            f"{spread([each.p99 for each in rounds]).median:.2f}",
            *_shown(ratio([each.p99 for each in rounds], base)),
        )
        for name, rounds in beside.items()
    ]
    yield f"## Configured domains, with {what} beside"
    head = ("beside", f"{what}/s", "failed requests", "p99 in ms")
    yield table((*head, f"times {without}", "range"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown whose columns also line up as they stand."""
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(map(str.ljust, line, widths))} |" for line in lines)


def _shown(value: Spread, digits: int = 2) -> tuple[str, str]:
    if math.isnan(value.median):
        return "too few", ""
    return f"{value.median:.{digits}f}", f"{value.low:.{digits}f} to {value.high:.{digits}f}"
