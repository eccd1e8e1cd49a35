"""The forms of a plan to paste, or to hand to a program that keeps zones.

None stands for a zone as a whole, which would end whatever else is in it. The page and the button
of the control panel are called as in OVHcloud's guide on custom DNS servers (2026-03-27).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from autoconfig.names import Domain
from autoconfig.zone.comments import about, added, of_the_zone, relative, wrapped
from autoconfig.zone.octodns import octodns
from autoconfig.zone.plan import Plan
from autoconfig.zone.record import TTL, Record
from autoconfig.zone.terraform import terraform
from autoconfig.zone.words import Words

REMOVE: Words = {"en": "Remove first:", "fr": "À supprimer d'abord :"}
ADD: Mapping[bool, Words] = {
    True: {"en": "Needed:", "fr": "Nécessaire :"},
    False: {"en": "Helps some programs:", "fr": "Utile à certains logiciels :"},
}

PANEL: Words = {
    "en": (
        'In the control panel, DNS zones > {domain} > "Change in text format": leave all other '
        "lines as they are, and paste none that begins with a semicolon."
    ),
    "fr": (
        "Dans l'espace client, Zones DNS > {domain} > « Modifier en mode textuel » : gardez toutes "
        "les autres lignes telles quelles, et n'en collez aucune qui commence par un point-virgule."
    ),
}
REMOVE_LINES: Words = {"en": "Remove these lines:", "fr": "Supprimez ces lignes :"}
ADD_LINES: Words = {
    "en": "Add the lines below at the end; needed: {needed} of {all}, the first ones.",
    "fr": (
        "Ajoutez les lignes ci-dessous à la fin ; nécessaires : {needed} sur {all}, les premières."
    ),
}


def zone(plans: Sequence[Plan], lang: str) -> str:
    """The records to add as name servers read them: absolute, each on a line with its name."""
    return "\n".join(line for plan in plans for line in _bind(plan, lang))


def ovh(plans: Sequence[Plan], lang: str) -> str:
    """The same as the text mode of OVHcloud's control panel shows them.

    Whether that takes comments is unknown; so they all stand above the records.
    """
    return "\n".join(line for plan in plans for line in _panel(plan, lang))


FORMS: Mapping[str, Callable[[Sequence[Plan], str], str]] = {
    "zone": zone,
    "ovh": ovh,
    "terraform": terraform,
    "octodns": octodns,
}
"""Each writes plans, with comments in a language."""


def _bind(plan: Plan, lang: str) -> Iterator[str]:
    yield from (f"; {line}" for line in about(plan, REMOVE, lang, str))
    for needed, words in ADD.items():
        records = [str(entry.record) for entry in added(plan) if entry.needed is needed]
        if records:
            yield from (f"; {words[lang]}", *records)
    yield ""


def _panel(plan: Plan, lang: str) -> Iterator[str]:
    show, new = partial(panel_line, domain=plan.domain), added(plan)
    comments = [*about(plan, REMOVE_LINES, lang, show), *of_the_zone(plan, lang)]
    if plan.changes:
        comments[1:1] = wrapped(PANEL[lang].format(domain=plan.domain))
    if new:
        needed = sum(entry.needed for entry in new)
        comments.append(ADD_LINES[lang].format(needed=needed, all=len(new)))
    yield from (f"; {line}" for line in comments)
    yield from (show(entry.record) for entry in new)
    yield ""


def panel_line(record: Record, domain: Domain) -> str:
    """A record as the text mode of the control panel shows it, in the zone of the domain."""
    name, ttl = relative(record.name, domain) or "@", "" if record.ttl == TTL else f"{record.ttl} "
    return f"{name:<25} {ttl}IN {record.type:<6} {record.value}"
