"""The plans of many domains: lines for people, JSON for programs."""

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from autoconfig.config.written import WIDTH
from autoconfig.problems import printable
from autoconfig.zone.hosts import said
from autoconfig.zone.plan import Act, Entry, Plan
from autoconfig.zone.record import Record
from autoconfig.zone.words import (
    ACTS,
    COUNTS,
    HEADING,
    NEEDED,
    OLD,
    PENDING,
    STATES,
    SUMMARY,
    State,
    remark,
    sentence,
)

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Report:
    """The plans, in the order in which they are told."""

    plans: Sequence[Plan]
    lang: str

    @property
    def settled(self) -> bool:
        """Whether nothing needed is to be done for any domain."""
        return all(plan.settled for plan in self.plans)

    def for_programs(self) -> str:
        """JSON: an object a domain."""
        return json.dumps([*map(self._object, self.plans)], indent=2, ensure_ascii=False)

    def for_people(self) -> str:
        """A line a domain where nothing is to be done; elsewhere, lines a record below it."""
        told = ["\n".join(map(printable, self._lines(plan))) for plan in self.plans]
        paragraphs = [
            ("\n\n" if long else "\n").join(same)
            for long, same in groupby(told, lambda text: "\n" in text)
        ]
        if len(self.plans) > 1:
            paragraphs.append(self._summary())
        return "\n\n".join(paragraphs)

    def _object(self, plan: Plan) -> dict[str, Any]:
        return {
            "domain": plan.domain,
            "offer": plan.service.offer.id if plan.service else None,
            **{act.value: [*map(self._entry, plan.of(act))] for act in Act},
            "pending": [
                {**_record(record), "behind": list(behind)} for record, behind in plan.pending
            ],
            "remarks": [remark(each, self.lang) for each in plan.remarks],
            "agrees": plan.agrees,
            "failure": plan.failure or None,
        }

    def _entry(self, entry: Entry) -> dict[str, Any]:
        told = _record(entry.record) | {"why": sentence(entry, self.lang), "needed": entry.needed}
        if entry.old:
            told["old"] = entry.old.value
            if entry.old.type != entry.record.type:
                told["old_type"] = entry.old.type
        return told

    def _lines(self, plan: Plan) -> Iterator[str]:
        yield self._heading(plan)
        for each in plan.remarks:
            yield from _wrapped(remark(each, self.lang), INDENT)
        if plan.changes:
            yield from self._table(plan)
        for behind, pending in groupby(plan.pending, lambda each: each[1]):
            yield from _wrapped(PENDING[self.lang].format(behind=", ".join(behind)), INDENT)
            yield from (f"{INDENT * 2}{record.line()}" for record, _ in pending)

    def _heading(self, plan: Plan) -> str:
        state = STATES[_state(plan)][self.lang].format(failure=plan.failure)
        about = f"{plan.domain}, {said(plan.service)}" if plan.service else plan.domain
        return HEADING[self.lang].format(about=about, state=state)

    def _table(self, plan: Plan) -> Iterator[str]:
        """The records in columns, what is needed first, each reason below those that share it."""
        entries = [(act, entry) for act in Act for entry in plan.of(act)]
        entries.sort(key=lambda each: (each[0] is Act.KEEP, not each[1].needed))
        groups = [
            [*same] for _, same in groupby(entries, lambda each: (each[0], *self._reason(each[1])))
        ]
        rows = [[self._rows(act, entry) for act, entry in group] for group in groups]
        everything = [row for group in rows for entry in group for row in entry]
        widths = [max(map(len, column)) for column in zip(*everything, strict=True)]
        for group, same in zip(rows, groups, strict=True):
            for row in (row for entry in group for row in entry):
                yield INDENT + "  ".join(map(str.ljust, row, widths)).rstrip()
            margin = INDENT + " " * (widths[0] + widths[1] + 4)
            yield from _wrapped(self._reason(same[0][1])[1], margin)

    def _reason(self, entry: Entry) -> tuple[bool, str]:
        return entry.needed, sentence(entry, self.lang)

    def _rows(self, act: Act, entry: Entry) -> list[tuple[str, ...]]:
        needed = NEEDED[entry.needed][self.lang] if act is not Act.KEEP else ""
        record, old = entry.record, entry.old
        rows: list[tuple[str, ...]] = [
            (ACTS[act][self.lang], needed, record.name, record.type, record.value)
        ]
        if old:
            rows.append(("", "", f"{INDENT}{OLD[self.lang]}", old.type, old.value))
        return rows

    def _summary(self) -> str:
        count = Counter(map(_state, self.plans))
        parts = [
            COUNTS[state][self.lang].format(number=count[state]) for state in State if count[state]
        ]
        return SUMMARY[self.lang].format(number=len(self.plans), counts=", ".join(parts))


def _state(plan: Plan) -> State:
    if plan.failure:
        return State.FAILED
    if not plan.settled:
        return State.NEEDED
    return State.HELPS if plan.changes else State.NOTHING


def _record(record: Record) -> dict[str, Any]:
    return {"name": record.name, "type": record.type, "ttl": record.ttl, "value": record.value}


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
