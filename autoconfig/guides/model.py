"""Guides: the types of `guides.toml`.

A *guide* is for one mail program, or for several that are set up alike. It has a *way* for each
kind of service; a service gets the first one that it has what is needed for. A *trouble* is what
may go wrong, and what to do about it.
"""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from autoconfig.offers.values import Identifier, Sources, Text, Url

Device: TypeAlias = Literal["windows", "iphone", "mac", "android", "linux"]
"""What a person holds in their hands."""

Need: TypeAlias = Literal["imap", "activesync", "ews", "autodiscover", "caldav"]
"""What a service may have: an IMAP server, which each has; or a field of `offers.model.Service`."""


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in each language of people."""

    en: Text
    fr: Text


Steps: TypeAlias = Annotated[tuple[Said, ...], Meta(min_length=1)]
"""What to do, one thing a step. A step may hold `{address}`, and what `load.values` has."""


class Guided(Struct, frozen=True, forbid_unknown_fields=True):
    """An address on the web in each language."""

    en: Url
    fr: Url


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """Where steps were read. `published`: its own date; `verified`: the day of reading. `offers`:
    those that it is about, whose readers alone are led there; all, if empty.
    """

    title: Said
    where: Guided
    verified: date
    published: date | None = None
    offers: tuple[Identifier, ...] = ()


class Way(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The steps by hand, for services that have what it needs.

    `goes_on`: whether the steps of the guide's last way follow. `works`: False where the program
    cannot use such a service, and the steps say what to do instead. `profile`: which Apple profile
    does it all, as the guide's `by_profile` says. `code`: whether a QR code does, as its `by_code`
    says.
    """

    needs: Need
    steps: Steps
    source: Sources
    goes_on: bool = False
    works: bool = True
    profile: Literal["imap", "iphone", "mac"] | None = None
    code: bool = False


class Guide(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mail program. `devices`: where it runs. `by_profile`, `by_code`: what to do with an Apple
    profile, a QR code. `tried`: the program of `programs.toml` that was run, whose version and date
    are shown; else the sources of the way are.
    """

    id: Identifier
    name: Said
    devices: Annotated[tuple[Device, ...], Meta(min_length=1)]
    way: Annotated[tuple[Way, ...], Meta(min_length=1)]
    by_profile: tuple[Said, ...] = ()
    by_code: tuple[Said, ...] = ()
    tried: Identifier | None = None


class Trouble(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a person sees, and what to do. `needs`: only for services that have this; `lacks`: and
    only for those that do not have that. `source`: what says more; none where the advice is ours.
    """

    id: Identifier
    sign: Said
    cure: Said
    source: tuple[str, ...] = ()
    needs: Need | None = None
    lacks: Need | None = None


class GuidesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The file of guides. Those for one device stand in the order of likelihood."""

    schema_version: Literal[1]
    source: dict[str, Source]
    guide: tuple[Guide, ...]
    trouble: tuple[Trouble, ...]
