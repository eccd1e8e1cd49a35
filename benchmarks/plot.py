"""The results as a picture: requests/s and p99 by server, start-up and memory by domains."""

from collections.abc import Callable, Mapping, Sequence
from math import isnan
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, StrMethodFormatter

from benchmarks.measuring import spread
from benchmarks.servers import WORKERS
from benchmarks.startup import Start
from benchmarks.targets import Results, across
from benchmarks.throughput import Comparison
from benchmarks.wrk import CONNECTIONS, Load

COLOURS = ("#0072b2", "#e69f00")
"""Blue and orange of Okabe and Ito, which everybody can tell apart."""
BAR = 0.38
"""Of the space for one server; two bars fill it, nearly."""


def draw(results: Results, machine: str, file: Path) -> None:
    """Draw what there are results for; no picture if there are only commands."""
    repeated = [each for each in results.requests if each.requests == 1]
    rows = bool(repeated) + bool(results.starts)
    if not rows:
        return
    figure = Figure(figsize=(14, 5.2 * rows), layout="constrained")
    figure.suptitle(machine.partition("\n")[0], fontsize=9)
    axes = figure.subplots(rows, 2, squeeze=False)
    if repeated:
        _bars(axes[0][0], repeated, lambda load: load.rate, "{:,.0f}")
        axes[0][0].set_title(
            f"Requests/s, one repeated over {CONNECTIONS} connections: more is better"
        )
        axes[0][0].set_xlabel("requests/s")
        axes[0][0].legend(loc="lower right")
        _bars(axes[0][1], repeated, lambda load: load.p99, "{:,.1f}")
        axes[0][1].set_title("99 of 100 answers take at most (p99): less is better")
        axes[0][1].set_xlabel("ms, logarithmic")
        axes[0][1].set_xscale("log")
        axes[0][1].xaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    if results.starts:
        cpu = {"CPU time of all processes": lambda start: start.cpu}
        first = {"time until the first answer": lambda start: start.seconds}
        _lines(axes[-1][0], results.starts, first | cpu, "{:.2f}")
        axes[-1][0].set_title(f"Start-up of autoconfig serve with {WORKERS} workers")
        axes[-1][0].set_ylabel("s, logarithmic")
        worker = {"largest worker": lambda start: start.worker}
        whole = {"all processes, what they share counted once": lambda start: start.whole}
        _lines(axes[-1][1], results.starts, whole | worker, "{:,.0f}")
        axes[-1][1].set_title(f"Memory of autoconfig serve with {WORKERS} workers")
        axes[-1][1].set_ylabel("MB, logarithmic")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=100)


def _bars(
    axes: Axes, comparisons: Sequence[Comparison], value: Callable[[Load], float], form: str
) -> None:
    """A pair of bars for each server; the whiskers are the lowest and the highest round."""
    for number, comparison in enumerate(comparisons):
        found = [spread([value(load) for load in loads]) for loads in comparison.loads.values()]
        medians = [each.median for each in found]
        places = [row + (number - 0.5) * BAR for row in range(len(found))]
        whiskers = [
            [each.median - each.low for each in found],
            [each.high - each.median for each in found],
        ]
        bars = axes.barh(
            places,
            medians,
            BAR,
            xerr=whiskers,
            label=comparison.question.title,
            color=COLOURS[number],
            error_kw={"ecolor": "#555555", "capsize": 2},
        )
        ends = [form.format(median) for median in medians]
        axes.bar_label(bars, labels=ends, padding=4, fontsize=8)
        for place, median in zip(places, medians, strict=True):
            if isnan(median):
                axes.text(0.01, place, "too few", transform=axes.get_yaxis_transform(), va="center")
    names = [_name(*contestant) for contestant in comparisons[0].loads]
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.margins(x=0.12)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def _name(server: str, domains: int) -> str:
    return f"{server}\n{domains:,} domains" if domains > 1 else server


def _lines(
    axes: Axes,
    starts: Mapping[int, Sequence[Start]],
    values: Mapping[str, Callable[[Start], float]],
    form: str,
) -> None:
    """Two curves with their figures: of the upper one above it, of the lower one below."""
    medians = [
        [across(each, value).median for each in starts.values()] for value in values.values()
    ]
    for colour, label, curve in zip(COLOURS, values, medians, strict=True):
        axes.plot([*starts], curve, marker="o", label=label, color=colour)
        for size, median, highest in zip(starts, curve, map(max, *medians), strict=True):
            axes.annotate(
                form.format(median),
                (size, median),
                xytext=(-3, 6) if median == highest else (3, -6),
                textcoords="offset points",
                ha="right" if median == highest else "left",
                va="bottom" if median == highest else "top",
                color=colour,
            )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("domains")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.margins(x=0.12, y=0.2)
    axes.grid(which="major", alpha=0.3)
    axes.legend(loc="upper left")
