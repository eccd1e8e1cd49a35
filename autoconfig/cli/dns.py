"""`autoconfig dns`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from autoconfig.account.refusals import Refused, Unusable
from autoconfig.cli.arguments import (
    STDIN,
    read_domains,
    read_each,
    read_name_servers,
    standard_input,
)
from autoconfig.cli.options import (
    Choice,
    choice_options,
    has_config,
    path_of_config,
    resolver_option,
)
from autoconfig.cli.output import counted, progress, put, say, say_asking
from autoconfig.config.settings import NameServer
from autoconfig.documents.formats import LANGUAGES
from autoconfig.errors import NotServed
from autoconfig.names import Domain, parse_domain
from autoconfig.offers.catalogue import Catalogue, load_catalogue
from autoconfig.offers.model import Service
from autoconfig.problems import ConfigurationError, Problem, printable
from autoconfig.typed_toml import read_text
from autoconfig.zone.forms import FORMS
from autoconfig.zone.plan import Address, Plan, Target
from autoconfig.zone.record import Record, address_record, plain
from autoconfig.zone.report import Report
from autoconfig.zone.subject import Subject, interest, plan_for
from autoconfig.zone.wanted import web_names
from autoconfig.zone.wildcard import Seen

if TYPE_CHECKING:
    from autoconfig.cli.dns_apply import Applying
    from autoconfig.config.load import Config
    from autoconfig.zone.live import Live
    from autoconfig.zone.servers import Servers

TABLE = "table"
MOST_NAMED = 6
"""Domains or name servers that a message names."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments, as they are written."""

    domains: tuple[str, ...]
    targets: tuple[str, ...]
    zone_file: Path | None
    resolvers: tuple[str, ...]
    form: str
    as_json: bool
    lang: str
    apply: bool
    undo: Path | None
    yes: bool
    journal: Path | None


@dataclass(frozen=True, slots=True)
class Task:
    """What is planned. `resolvers`: the name servers to ask; none for the system's.

    `ends`: the addresses of hosts that names of the domains are aliases of, where the DNS is asked.
    """

    subjects: Sequence[Subject]
    target: Target
    catalogue: Catalogue
    resolvers: Sequence[NameServer]
    lang: str
    ends: Sequence[Record] = ()

    @property
    def interests(self) -> Mapping[Domain, Mapping[str, tuple[str, ...]]]:
        """The names that are looked at for each domain."""
        return {each.domain: interest(each, self.catalogue) for each in self.subjects}


@click.command()
@click.argument("domains", nargs=-1, metavar="[DOMAIN]...")
@choice_options
@click.option(
    "--to",
    "targets",
    multiple=True,
    metavar="HOST|IP",
    help="The server that answers mail programs: its name, or its addresses. Default: the host of "
    "base_url.",
)
@click.option(
    "--zone",
    "zone_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The zone as a text, in place of the public DNS. - reads standard input.",
)
@resolver_option
@click.option(
    "--format",
    "form",
    type=click.Choice([TABLE, *FORMS]),
    default=TABLE,
    show_default=True,
    help="A table for people, or the changes as text for a zone, for OVHcloud's control panel, for "
    "Terraform or for octoDNS.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="Language of what is to be done, and of the question.",
)
@click.option("--apply", is_flag=True, help="Show the plan, ask, and change the zones at OVHcloud.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The journal of what is changed, a new file. Default: autoconfig-dns-TIME.jsonl.",
)
@click.option(
    "--undo",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take back what a journal tells, in the same way.",
)
@click.pass_context
def dns(context: click.Context, /, choice: Choice, **options: Any) -> None:
    """Say which DNS records to create, replace, delete and keep.

    For the domains of the configuration, or for each DOMAIN; - reads them from standard input.
    Nothing is changed without --apply. The exit code is 1 if something needed is to be done.
    """
    asked = Asked(**options)
    _require_one_purpose(asked, choice)
    if asked.undo:
        done = _undo(asked.undo, asked)
    else:
        task = _task(asked, choice)
        done = _apply(task, asked) if asked.apply else _tell(task, asked)
    if not done:
        context.exit(1)


def _require_one_purpose(asked: Asked, choice: Choice) -> None:
    """Raise `UsageError` for options that contradict each other, or of which one means nothing."""
    writes = asked.apply or asked.undo
    if asked.as_json and asked.form != TABLE:
        raise click.UsageError("--json and --format exclude each other")
    if asked.zone_file and asked.resolvers:
        raise click.UsageError("--zone and --resolver exclude each other: a text asks nobody")
    if asked.zone_file == Path(STDIN) and STDIN in asked.domains:
        raise click.UsageError("--zone - and DOMAIN - cannot both have standard input")
    if asked.undo and (asked.apply or asked.domains or asked.targets or choice != Choice()):
        raise click.UsageError("--undo takes one journal, and no more: that has the domains")
    if writes and (asked.zone_file or asked.form != TABLE):
        raise click.UsageError("--apply and --undo read the zones themselves, and show a table")
    if not writes and (asked.yes or asked.journal):
        raise click.UsageError("--yes and --journal go with --apply or --undo")


def _tell(task: Task, asked: Asked) -> bool:
    """Print the plans. Gives whether nothing needed is to be done."""
    plans = _of_text(task, asked.zone_file) if asked.zone_file else _of_dns(task)
    _show(plans, asked, task)
    return all(plan.settled for plan in plans)


def _show(plans: Sequence[Plan], asked: Asked, task: Task | None = None) -> None:
    """Print the plans. `task`: what they are for; None for what a journal tells."""
    if task:
        _say_services(task, plans)
    report = Report(plans, asked.lang)
    if asked.form != TABLE:
        put(FORMS[asked.form](plans, asked.lang))
    else:
        put(report.for_programs() if asked.as_json else report.for_people())


# ------------------------------------------------------------------------------------ what is asked


def _task(asked: Asked, choice: Choice) -> Task:
    """What the arguments mean. Raises `ConfigurationError`, `NotServed` or `UsageError`."""
    names, servers, ends = _read(asked)
    if choice.offer is None and (choice != Choice() or not names or has_config()):
        config = choice.config()
        subjects = _subjects(config, names, path_of_config(choice.config_file))
        target = _target(ends, config.base_url)
        return Task(subjects, target, config.catalogue, servers or config.resolvers, asked.lang)
    if not names:
        raise click.UsageError("--offer needs a DOMAIN")
    service = choice.offered(choice.offer) if choice.offer is not None else None
    subjects = [Subject(name, service) for name in names]
    return Task(subjects, _target(ends, None), load_catalogue(), servers, asked.lang)


def _read(
    asked: Asked,
) -> tuple[list[Domain], tuple[NameServer, ...], list[Domain | Address]]:
    """The domains, the name servers and the target. Raises `ConfigurationError`."""
    problems: list[Problem] = []
    names = read_domains(asked.domains, problems)
    servers = read_name_servers(asked.resolvers, problems)
    ends = read_each("--to", asked.targets, _parse_target, problems)
    if problems:
        raise ConfigurationError(problems)
    return names, servers, ends


def _parse_target(text: str) -> Domain | Address:
    with suppress(ValueError):
        return ip_address(text.strip())
    return parse_domain(text)


def _target(ends: Sequence[Domain | Address], base_url: str | None) -> Target:
    hosts = [each for each in ends if isinstance(each, str)]
    addresses = [each for each in ends if not isinstance(each, str)]
    if len(hosts) + bool(addresses) > 1:
        raise click.UsageError("--to takes one HOST, or each IP address of one server")
    if ends:
        return Target(hosts[0] if hosts else None, tuple(dict.fromkeys(addresses)))
    if base_url is None:
        raise click.UsageError(
            "give --to HOST, or --to IP: the server that answers mail programs; "
            "`base_url` in a configuration does as well"
        )
    return Target(Domain(str(urlsplit(base_url).hostname)))


def _subjects(config: "Config", names: Sequence[Domain], path: Path) -> list[Subject]:
    """The domains of a configuration, or those named. Raises `NotServed` if it lacks one."""
    served = config.served
    of_addresses: dict[str, set[Service]] = {}
    for mailbox, service in served.mailboxes.items():
        of_addresses.setdefault(mailbox.rpartition("@")[2], set()).add(service)
    instead = {name: each.pop() for name, each in of_addresses.items() if len(each) == 1}
    found = names or served.all_domains()
    if not found:
        raise NotServed(f"{path} names no domain; `detect = true` has no list of them")
    for name in found:
        if not config.detect and not served.serves(name):
            raise NotServed(f"{path} has no service for {name}; add it to one, or give --offer")
    return [Subject(name, served.find(name), instead.get(name)) for name in found]


# ----------------------------------------------------------------------------- what the zone holds


def _of_text(task: Task, file: Path) -> list[Plan]:
    """The plans of the domains that are in a zone. Raises `ConfigurationError`, `NotServed`."""
    from autoconfig.zone.text import read_zone  # noqa: PLC0415  # as in `_of_dns`

    where = "standard input" if file == Path(STDIN) else str(file)
    text = standard_input() if file == Path(STDIN) else read_text(file)
    origin = task.subjects[0].domain if len(task.subjects) == 1 else None
    zone = read_zone(text, origin, where)
    for doubt in zone.doubts:
        say(f"warning: {doubt}")
    inside = [each for each in task.subjects if f".{each.domain}".endswith(f".{zone.origin}")]
    outside = [each.domain for each in task.subjects if each not in inside]
    if outside:
        say(f"Not in the zone {zone.origin}: {_named(outside, 'other domain')}")
    if not inside:
        raise NotServed(f"{where} is the zone of {zone.origin}, in which no domain is")
    return [
        _planned(task, each, Seen.of_zone(zone.records, interest(each, task.catalogue)))
        for each in inside
    ]


def _of_dns(task: Task) -> list[Plan]:
    """The plans by what the DNS holds, after saying who was asked."""
    # Few commands ask the DNS, and a library for it costs the others a tenth of a second.
    import asyncio  # noqa: PLC0415  # as said above

    from autoconfig.detect.words import NO_ANSWER  # noqa: PLC0415  # the same
    from autoconfig.zone.live import with_pending  # noqa: PLC0415  # the same

    task, found = asyncio.run(_look(task))
    _say_servers(found.values())
    plans = []
    for each in task.subjects:
        live = found[each.domain]
        if live.failure:
            failure = NO_ANSWER[task.lang].format(failure=live.failure)
            plans.append(Plan(each.domain, each.service, failure=failure))
        else:
            plan = _planned(task, each, Seen(live.records, live.wild))
            plans.append(with_pending(plan, live))
    return plans


async def _look(task: Task) -> tuple[Task, Mapping[Domain, "Live"]]:
    """The task with the addresses that were looked up, and what stands at each domain's names."""
    from autoconfig.detect.lookup import Resolver, system_servers  # noqa: PLC0415  # as above
    from autoconfig.zone.live import look  # noqa: PLC0415  # the same
    from autoconfig.zone.servers import Servers, permitted  # noqa: PLC0415  # the same

    resolvers = task.resolvers or system_servers()
    asked, _ = say_asking(resolvers, len(task.subjects))
    servers = Servers(Resolver(resolvers), permitted(resolvers, named=bool(task.resolvers)))
    interests = task.interests
    with progress(len(interests), "Looking up") as settled:
        found = await look(interests, servers, asked, settled)
    task = replace(task, ends=await _ends(found, interests.values(), servers))
    host = task.target.host
    if not host:
        return task, found
    known = await servers.reach(host)
    if known is None:
        say(f"warning: the addresses of {host} could not be looked up")
    elif not known:
        say(f"warning: {host} has no address, as far as {asked} can tell")
    return replace(task, target=task.target._replace(known=known or frozenset())), found


async def _ends(
    found: Mapping[Domain, "Live"], interests: Iterable[Iterable[str]], servers: "Servers"
) -> tuple[Record, ...]:
    """The addresses of the hosts that the names for programs are aliases of, as records of theirs.

    What a name that is looked at holds is known already.
    """
    import asyncio  # noqa: PLC0415  # as in `_of_dns`

    hosts = {
        each.value
        for domain, live in found.items()
        for each in live.records
        if each.type == "CNAME" and each.name in web_names(domain)
    }
    others = sorted(hosts.difference(*interests))
    reached = await asyncio.gather(*(servers.reach(plain(each)) for each in others))
    return tuple(
        address_record(host, each)
        for host, addresses in zip(others, reached, strict=True)
        for each in addresses or ()
    )


def _say_servers(found: Iterable["Live"]) -> None:
    """Say which name servers of the zones were asked too, and which could not be."""
    asked = {server for each in found for server in each.asked}
    unreached = {server for each in found for server in each.unreached}
    if asked:
        say(f"Asked {_named(asked, 'other name server')} too")
    if unreached:
        named = _named(unreached, "other name server")
        say(f"No answer from {named}: what they have may differ")


def _named(names: Collection[str], noun: str) -> str:
    more = len(names) - MOST_NAMED
    few = ", ".join(map(printable, sorted(names)[:MOST_NAMED]))
    return f"{few} and {counted(more, noun)}" if more > 0 else few


def _planned(task: Task, subject: Subject, seen: Seen) -> Plan:
    seen = seen._replace(records=(*seen.records, *task.ends))
    return plan_for(subject, seen, task.target, task.catalogue, task.lang)


def _say_services(task: Task, plans: Iterable[Plan]) -> None:
    """Say which service a domain has, if nobody but the zone, or its addresses, tells it."""
    subjects = {each.domain: each for each in task.subjects}
    for plan in plans:
        subject = subjects[plan.domain]
        if plan.service and not subject.service:
            said = " at ".join(filter(None, (plan.service.offer.name, plan.service.host)))
            guessed = "a guess by its DNS" if plan.service.guessed else "as its DNS tells"
            source = "as its addresses have" if plan.service is subject.instead else guessed
            say(f"{subject.domain}: {said}, {source}")


# -------------------------------------------------------------------- what is written at OVHcloud


def _apply(task: Task, asked: Asked) -> bool:
    """Carry out the plans. Raises as `dns_apply.apply` does."""
    import asyncio  # noqa: PLC0415  # as in `_of_dns`

    from autoconfig.cli.dns_apply import apply  # noqa: PLC0415  # the same, and of the API's

    with _keys(task.catalogue, asked.lang):
        applying = _applying(asked, task.resolvers, task)
        task, found = asyncio.run(_look(task))
        _say_servers(found.values())
        subjects = {each.domain: each for each in task.subjects}

        def make(domain: Domain, records: Sequence[Record]) -> Plan:
            subject = subjects[domain]
            return _planned(task, subject, Seen.of_zone(records, interest(subject, task.catalogue)))

        return apply(task.interests, found, make, applying)


def _undo(journal: Path, asked: Asked) -> bool:
    """Take back what a journal tells. Raises as `dns_apply.undo` does."""
    from autoconfig.cli.dns_apply import undo  # noqa: PLC0415  # as in `_apply`

    _, servers, _ = _read(asked)
    with _keys(load_catalogue(), asked.lang):
        return undo(journal, _applying(asked, servers))


@contextmanager
def _keys(catalogue: Catalogue, lang: str) -> Iterator[None]:
    """Say how to get keys to an account where there are none that can be used, or may do it."""
    try:
        yield
    except (Refused, Unusable):
        from autoconfig.account.key import how_to_get_keys  # noqa: PLC0415  # as in `_apply`
        from autoconfig.account.rights import CHANGE_ZONES  # noqa: PLC0415  # the same

        say(f"{how_to_get_keys(CHANGE_ZONES, catalogue.account, lang)}\n")
        raise


def _applying(asked: Asked, named: Sequence[NameServer], task: Task | None = None) -> "Applying":
    """How it is done. `task`: as in `_show`. Raises `Unusable`."""
    import asyncio  # noqa: PLC0415  # as in `_of_dns`

    from autoconfig.account.client import Account  # noqa: PLC0415  # as in `_apply`
    from autoconfig.cli.dns_apply import Applying  # noqa: PLC0415  # as in `_apply`
    from autoconfig.detect.lookup import Resolver, system_servers  # noqa: PLC0415  # as in `_of_dns`
    from autoconfig.zone.live import look  # noqa: PLC0415  # the same
    from autoconfig.zone.servers import Servers, permitted  # noqa: PLC0415  # the same

    resolvers = named or system_servers()

    def again(interests: Mapping[Domain, Mapping[str, tuple[str, ...]]]) -> Mapping[Domain, "Live"]:
        servers = Servers(Resolver(resolvers), permitted(resolvers, named=bool(named)))
        return asyncio.run(look(interests, servers, "", bool))

    show = partial(_show, asked=asked, task=task)
    return Applying(Account.open(), show, again, asked.yes, asked.journal, asked.lang)
