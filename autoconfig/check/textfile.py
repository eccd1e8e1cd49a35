"""The checks as a file for the textfile collector of Prometheus' node_exporter.

Its text is Prometheus' own format, version 0.0.4, of
https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from autoconfig.check.outcome import Outcome, counting, outcome
from autoconfig.check.screen import domain_of
from autoconfig.check.verdict import Check
from autoconfig.names import EmailAddress

ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
DAY = 86400
"""Seconds, which are the base unit."""
METRICS: Mapping[str, str] = {
    "autoconfig_check_right": "Whether every program that asks the domain gets the right servers.",
    "autoconfig_check_verdict": "1 for what a program that asks the domain comes to.",
    "autoconfig_check_certificate_seconds": "Time until the certificate of a host ends.",
    "autoconfig_check_timestamp_seconds": "When the checks were made.",
}
"""The name of each gauge, and what it means."""


def textfile(checks: Sequence[Check], now: datetime) -> str:
    """The text, without its last line break. `now`: when the checks were made."""
    samples = (
        (f"{{{_of(each)}}} {int(outcome(each) is Outcome.RIGHT)}" for each in checks),
        (line for each in checks for line in _verdicts(each)),
        (
            f"{{{_label('host', host)}}} {days * DAY}"
            for host, days in sorted(_days(checks).items())
        ),
        (f" {now.timestamp():.0f}",),
    )
    lines: list[str] = []
    for (name, meaning), values in zip(METRICS.items(), samples, strict=True):
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
        lines += [f"{name}{value}" for value in values]
    return "\n".join(lines)


def _verdicts(check: Check) -> Iterator[str]:
    """A program's once, whatever its rows: two series of the same labels are none."""
    of = _of(check)
    seen = dict.fromkeys((each.client, each.result) for each in counting(check))
    for client, result in seen:
        yield f"{{{of},{_label('program', client)},{_label('result', result)}}} 1"


def _days(checks: Iterable[Check]) -> dict[str, int]:
    """By the host, of several certificates the days of the one that ends first."""
    days: dict[str, int] = {}
    for check in checks:
        of_servers = [(each.host, each.days) for each in check.mail_servers]
        for host, left in (*check.certificates.items(), *of_servers):
            if left is not None:
                days[host] = min(left, days.get(host, left))
    return days


def _of(check: Check) -> str:
    address = str(check.subject) if isinstance(check.subject, EmailAddress) else ""
    return f"{_label('domain', domain_of(check))},{_label('address', address)}"


def _label(name: str, value: str) -> str:
    return f'{name}="{value.translate(ESCAPES)}"'
