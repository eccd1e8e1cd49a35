"""Web space with Apache and PHP, as shared hosting has it: it answers as the server does.

Apache answers the plainest requests by a file, as `.htaccess` says, and PHP all others. PHP sends
Outlook on to Exchange too, and not a rewrite rule: the address that Outlook posts decides where,
and a rule only sees the host.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from autoconfig.config.served import Served
from autoconfig.documents.render import Renderings, render
from autoconfig.documents.text import TEXT
from autoconfig.export.advice import client_hosts, listed
from autoconfig.export.program import data, for_people, program
from autoconfig.export.rules import file_rules, host_prefixes
from autoconfig.export.target import OWNER_MARK, Target

HTACCESS = ".htaccess"
PROGRAM = "autoconfig.php"
DATA = "autoconfig-data.php"
PEOPLE = "autoconfig-people.php"


def _own_files(served: Served, renderings: Renderings, base_url: str | None) -> Mapping[str, str]:
    """What the program reads comes before it, and it before the rules."""
    return {
        PEOPLE: for_people(served, renderings),
        DATA: data(served, renderings, base_url),
        PROGRAM: program(),
        HTACCESS: _htaccess(),
    }


def _htaccess() -> str:
    rules = file_rules("%1")
    return render(
        TEXT,
        "webspace/htaccess",
        mark=OWNER_MARK,
        program=PROGRAM,
        read_by_it=(DATA, PEOPLE),
        prefixes=host_prefixes(),
        rules=[(re.escape(rule.path), rule.file) for rule in rules],
        by_name={Path(rule.path).name: rule for rule in rules},
        quoted=_quoted,
    )


def _quoted(value: str) -> str:
    """The value of a header between Apache's double quotes, where `%` begins a variable."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _advice(served: Served, folder: Path, base_url: str | None) -> Iterator[str]:
    yield (
        f"Put all of it, {HTACCESS} too, into one folder with PHP 7.4 or newer and its DOM "
        f"extension, and make it the web root of {listed(client_hosts(served, base_url))}, with a "
        "certificate for each."
    )


APACHE = Target(_own_files, _advice)
