"""The host of a service: the rules of the offers, and the mistake in a host that breaks them.

The operator names a server as the control panel shows it, or names none. The rule of the offer in
its region says whether that is right; the other rules say whose server it is instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from autoconfig.names import parse_domain
from autoconfig.offers.values import HostName, NumberedHost, Sources
from autoconfig.problems import InvalidName, quoted


class ServerRule(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """The rule for `server` in the configuration. `kind` in the data picks one.

    `required`: a service cannot be configured without. `default`: the host when none is named.
    """

    source: Sources

    required: ClassVar[bool] = False

    @property
    def default(self) -> str | None:
        return None

    @property
    def example(self) -> str:
        """A host that may be named; nothing where none need be."""
        return ""

    def accepts(self, host: str) -> bool:
        raise NotImplementedError

    def doubt(self, host: str) -> str:
        """The reason why an accepted host may still be a mistake; nothing if it is none."""
        return ""

    def advice(self, key: str) -> str:
        """The advice of a message. `key`: how the operator writes `server`."""
        raise NotImplementedError


class Shared(ServerRule, frozen=True, kw_only=True, tag="shared"):
    """Every customer has the same hosts, so there is no `server` to configure.

    A host in `named` may be named all the same; it is then published for every protocol. Those in
    `not_for_mail` are seen by customers too, but take no IMAP, POP or SMTP from them.
    """

    named: tuple[HostName, ...] = ()
    not_for_mail: tuple[HostName, ...] = ()

    def accepts(self, host: str) -> bool:
        return host in self.named

    def advice(self, key: str) -> str:
        return " or write ".join((f"leave {key} out", *self.named))


class Numbered(ServerRule, frozen=True, kw_only=True, tag="numbered"):
    """One host of a numbered family: `{n}` in `pattern` is 1 to 99 (or nothing, if optional).

    `observed` are the hosts seen in public; another number is accepted with a warning.
    """

    pattern: NumberedHost
    observed: Annotated[
        tuple[HostName, ...], Meta(min_length=1, description="an array of host names")
    ]
    number_optional: bool = False

    required: ClassVar[bool] = True

    @property
    def example(self) -> str:
        return self.observed[-1]

    def accepts(self, host: str) -> bool:
        number = "([1-9][0-9]?)" + ("?" if self.number_optional else "")
        before, after = map(re.escape, self.pattern.split("{n}"))
        return re.fullmatch(before + number + after, host) is not None

    @property
    def family(self) -> str:
        """The beginning of its hosts, before the number."""
        return self.pattern.split("{n}")[0]

    def host_for(self, label: str) -> str | None:
        """The host of the family that begins with this label (`pro1`); None if there is none."""
        host = label + self.pattern.split("{n}")[1]
        return host if self.accepts(host) else None

    def doubt(self, host: str) -> str:
        if host in self.observed:
            return ""
        seen = ", ".join(self.observed)
        return f"{host} has not been seen in public ({seen} have): check the number"

    def advice(self, key: str) -> str:
        return f"write the host that the control panel shows, such as {self.example}"


class Fixed(ServerRule, frozen=True, kw_only=True, tag="fixed"):
    """One host for all customers, which need not be named."""

    host: HostName

    @property
    def default(self) -> str | None:
        return self.host

    def accepts(self, host: str) -> bool:
        return host == self.host

    def advice(self, key: str) -> str:
        return f"leave {key} out or write {self.host}"


class Own(ServerRule, frozen=True, kw_only=True, tag="own"):
    """A host name of the customer's; any name that is not below a domain in `never_under`."""

    never_under: tuple[HostName, ...]
    such_as: HostName

    required: ClassVar[bool] = True

    @property
    def example(self) -> str:
        return self.such_as

    def accepts(self, host: str) -> bool:
        return not any(f".{host}".endswith(f".{suffix}") for suffix in self.never_under)

    def advice(self, key: str) -> str:
        return f"write the service's own host as the control panel shows it, such as {self.such_as}"


@dataclass(frozen=True, slots=True)
class Place:
    """An offer in a region: its rule, and the hosts that it publishes."""

    offer: str
    region: str
    rule: ServerRule
    published: frozenset[str]

    def owns(self, host: str) -> bool:
        """Whether the host is one of its servers, and not just any name that it would take."""
        known = self.rule.accepts(host) and not isinstance(self.rule, Own)
        return known or host in self.published


_SIGNS = r"[?#*_%…]+|\{[^{}/]*\}|<[^<>/]*>|\[[^\[\]/]*\]"
"""How a guide, or a person, leaves a number open: `ex?`, `ex**`, `ex{n}`."""


def read_host(text: str, places: Sequence[Place]) -> str | None:
    """The host name in pasted text: without scheme, path, port, capitals and final dot.

    The first label alone (`pro1`) stands for the host of the numbered family that it fits.
    None if there is no host name in it. A query or fragment without a path is taken for one only
    behind a host that the offers have: OVHcloud's guides write `?` in a host for any number.
    """
    before_path = re.sub(r"^[a-z]+://", "", text.strip().lower()).partition("/")[0]
    name, *query = re.split(r"[?#]", before_path, maxsplit=1)
    name = re.sub(r":[0-9]*\Z", "", name)
    label = name.removesuffix(".")
    for place in places:
        if isinstance(place.rule, Numbered) and (host := place.rule.host_for(label)):
            return None if query else host
    try:
        host = parse_domain(name)
    except InvalidName:
        return None
    return host if not query or any(place.owns(host) for place in places) else None


def _open_number(text: str, places: Sequence[Place]) -> str | None:
    """The sign in a host that stands for a number; a letter is one in a numbered family alone."""
    families = [re.escape(each.rule.family) for each in places if isinstance(each.rule, Numbered)]
    letters = rf"(?:{'|'.join(families)})[0-9]*(n+|x+)(?![a-z0-9-])"
    found = re.match(rf"\s*(?:[a-z]+://)?(?:{letters}|[^/]*?({_SIGNS}))", text, re.IGNORECASE)
    return found and (found[1] or found[2])


def wrong_server(server: str | None, place: Place, places: Sequence[Place], key: str) -> str:
    """The mistake in a `server` as it is written, for a message; nothing if it is right.

    `places`: all that the catalogue has. `key`: how the operator writes `server`.
    """
    advice = place.rule.advice(key)
    if server is None:
        return f"is missing: {advice}" if place.rule.required else ""
    host = read_host(server, places)
    if host and place.rule.accepts(host):
        return ""
    if host in place.published:
        return f"found {quoted(server)}: that is {place.offer}'s default; leave {key} out"
    sign = _open_number(host or server, places)
    owner = _owner(host, place, places) if host else "that is not a host name"
    if sign:
        owner = f"the sign {quoted(sign)} stands for a number"
    return f'found {quoted(server)}: {owner}; for {place.offer} in region "{place.region}" {advice}'


def _owner(host: str, place: Place, places: Sequence[Place]) -> str:
    """Whose server a host is that the place does not take."""
    rules = [each.rule for each in places]
    if any(isinstance(rule, Shared) and host in rule.not_for_mail for rule in rules):
        return "that host takes no IMAP, POP or SMTP from mail clients"
    owners = [each for each in places if each.owns(host)]
    takers = [each for each in places if each.rule.accepts(host)]
    regions = [each.region for each in owners or takers if each.offer == place.offer]
    offers = " or ".join(dict.fromkeys(each.offer for each in owners or takers))
    if regions:
        return f'that is {place.offer} in region "{regions[0]}"'
    if owners:
        return f"that is a server of {offers}"
    return (
        f"only {offers} takes a host of your own" if takers else f"{place.offer} has no such server"
    )
