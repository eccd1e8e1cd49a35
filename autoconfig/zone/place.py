"""A name of the zone at which records lead mail programs, and the verdict on each that is there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from autoconfig.zone.plan import Remark, Why
from autoconfig.zone.record import Record


class Verdict(NamedTuple):
    """Whether a record is right, and why.

    `needed`: of one that is wrong, whether it does harm. `host` and `offer`: as in `Entry`.
    """

    right: bool
    why: Why
    needed: bool = True
    host: str = ""
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A name, and the types of records that are looked at there.

    `wanted`: the records to create if none is right; with `each`, those that are missing, and only
    a right CNAME stands for all. `why`, `needed`: of these. `judge`: None for a record that is
    none of our business.
    """

    name: str
    types: tuple[str, ...]
    wanted: tuple[Record, ...]
    why: Why
    judge: Callable[[Record], Verdict | None]
    needed: bool = False
    each: bool = False
    remarks: tuple[Remark, ...] = ()
