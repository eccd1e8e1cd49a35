"""The tables of the documents are the code's."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from prometheus_client.parser import text_string_to_metric_families

from autoconfig.answers import answer, pox_request
from autoconfig.answers.endpoints import ENDPOINTS
from autoconfig.answers.metrics import Metrics
from autoconfig.check.report import Report as Checks
from autoconfig.check.screen import MARKS
from autoconfig.check.textfile import textfile
from autoconfig.check.verdict import Result
from autoconfig.check.words.report import RESULTS
from autoconfig.cli import main
from autoconfig.cli.show import SHOWN_FORMATS
from autoconfig.config.services import ServiceTable
from autoconfig.config.settings import Settings, SignTable
from autoconfig.detect import findings, records
from autoconfig.detect.report import Report as Findings
from autoconfig.detect.survey import Detected
from autoconfig.detect.words import CONFIDENCE
from autoconfig.errors import ClientError
from autoconfig.export.files import TARGETS
from autoconfig.generator import form, view
from autoconfig.names import Domain
from autoconfig.offers.catalogue import load_catalogue
from autoconfig.programs.load import load_programs
from autoconfig.serve import limits
from autoconfig.zone.plan import Plan
from autoconfig.zone.report import Report as Plans
from autoconfig.zone.wanted import names_of_interest
from tests.support import programs
from tests.support.checks import troubled
from tests.support.documents import ROOT, read, section, table, tables
from tests.support.recipes import DEPLOY

REFERENCE = "docs/reference.md"
CLIENTS = ROOT / "tests/real/clients"
UNITS = {"": 1, "KiB": 1024, "s": 1, "min": 60, "h": 3600, "day": 86400}
PROGRAMS = "## Which ones set themselves up"
README_PROGRAMS = "## Which programs set themselves up"
RUN = r"\[run\]\((.*)\)"
DOCUMENT = "GET https://autoconfig.{domain}/mail/"
KNOWN_BY = {"run", "tried", "read", "reported", "specified", "unknown"}


def test_urls_are_those_of_the_table_of_endpoints() -> None:
    urls, _ = tables(section(REFERENCE, "## URLs"))
    written = [(path.strip("`"), methods) for path, methods, *_ in urls]
    assert written == [(e.path, ", ".join(e.methods)) for e in ENDPOINTS]


def test_errors_are_those_of_the_code() -> None:
    _, errors = tables(section(REFERENCE, "## URLs"))
    assert [row[1:] for row in errors] == [
        [str(each.status), str(each.pox_code), f"`{each.json_code}`"]
        for each in ClientError.__subclasses__()
    ]


def test_offers_are_those_of_the_catalogue() -> None:
    expected = []
    for offer in load_catalogue().offers.values():
        required = [name for name, region in offer.regions.items() if region.server.required]
        where = "required" if len(required) == len(offer.regions) else "required in eu"
        outlook = "sent to the Exchange server" if offer.outlook == "exchange" else "settings"
        if offer.outlook == "imap" and any(each.activesync for each in offer.region.values()):
            outlook += ", and ActiveSync"
        server = where if required else "none"
        expected.append([f"`{offer.id}`", offer.name, ", ".join(offer.regions), server, outlook])
    assert table("README.md", "## The offers") == expected


def test_keys_are_those_of_the_configuration() -> None:
    settings = [name for name in Settings.__struct_fields__ if name != "sign"]
    sign, service = (
        [f"{name}.{field}" for field in struct.__struct_fields__]
        for name, struct in (("sign", SignTable), ("service", ServiceTable))
    )
    keys = table(REFERENCE, "## Configuration")
    assert [key.strip("`") for key, *_ in keys] == [*settings, *sign, *service]


def test_example_configuration_shows_every_key() -> None:
    example = (DEPLOY / "autoconfig.example.toml").read_text()
    for written in (Settings, SignTable, ServiceTable):
        for name in written.__struct_fields__:
            shown = rf"^(# )?(\[{name}\]|{name} = )"
            assert re.search(shown, example, flags=re.MULTILINE), name


def test_limits_are_those_of_the_code() -> None:
    text = section(REFERENCE, "## Limits")
    written = re.findall(rf"([\d.,]+)(?: ({'|'.join(UNITS)}))? \(`(\w+)`\)", text)
    said = {name: float(number.replace(",", "")) * UNITS[unit] for number, unit, name in written}
    modules = (limits, pox_request, findings, records, answer, form, view)
    assert said == {
        name: vars(each)[name] for each in modules for name in said if name in vars(each)
    }
    assert len(written) == 27


def test_metrics_are_those_of_the_code() -> None:
    written = [(name.strip("`"), labels) for name, labels, _ in table(REFERENCE, "## Metrics")]
    metrics = Metrics()
    metrics.count({(ENDPOINTS[0], "imap", 200): 1}, [0])
    found = {
        family.name + ("_total" if family.type == "counter" else ""): {
            f"`{label}`" for sample in family.samples for label in sample.labels if label != "le"
        }
        for family in metrics.collect()
    }
    said = {name: {*labels.split(", ")} - {"none"} for name, labels in written}
    assert said == found
    assert [name for name, _ in written] == [*found]


def test_commands_are_those_of_the_program() -> None:
    text = section(REFERENCE, "## Commands")
    listed = re.findall(r"^autoconfig (\w+)\s+(.*)$", text, flags=re.MULTILINE)
    explained = re.findall(r"^- `(\w+)` ", text, flags=re.MULTILINE)
    assert {name for name, _ in listed} == set(explained) == set(main.list_commands(CONTEXT))
    for name, usage in listed:
        command = main.get_command(CONTEXT, name)
        assert command
        options = [each.opts for each in command.params if isinstance(each, click.Option)]
        assert sorted(re.findall(r"(?<=[\[ ])--?[\w-]+", usage)) == sorted(
            min(each, key=len) for each in options
        )


CONTEXT = click.Context(main)


def test_fields_of_detect_are_those_that_it_prints() -> None:
    fields, *_ = tables(section(REFERENCE, "## Commands"))
    found = [Detected(Domain("example.com"), None, "no answer")]
    (printed,) = json.loads(Findings(found, load_catalogue(), "en", "").for_programs())
    assert [name.strip("`") for name, _ in fields] == [*printed]


def test_fields_of_dns_are_those_that_it_prints() -> None:
    _, _, fields, *_ = tables(section(REFERENCE, "## Commands"))
    (printed,) = json.loads(Plans([Plan(Domain("example.com"), None)], "en").for_programs())
    assert [name for names, _ in fields for name in re.findall(r"`(\w+)`", names)] == [*printed]


def test_fields_of_check_are_those_that_it_prints() -> None:
    *_, fields, _ = tables(section(REFERENCE, "## Commands"))
    check = troubled("example.com")
    (printed,) = json.loads(Checks([check], "en", "").for_programs())
    assert [name for names, _ in fields for name in re.findall(r"`(\w+)`", names)] == [*printed]
    for names, value in fields:
        of_each = printed[names.strip("`")] if names.count("`") == 2 else None
        said = {*re.findall(r"`(\w+)`", value)}
        assert not isinstance(of_each, list) or of_each[0].keys() <= said, names
    assert {*Result} <= {*re.findall(r"`(\w+)`", fields[2][1])}


def test_metrics_of_check_are_those_that_it_writes() -> None:
    *_, metrics = tables(section(REFERENCE, "## Commands"))
    text = textfile([troubled("example.com")], datetime.now(UTC))
    families = text_string_to_metric_families(f"{text}\n")
    found = {each.name: {f"`{label}`" for label in each.samples[0].labels} for each in families}
    said = [(name.strip("`"), {*labels.split(", ")} - {"none"}) for name, labels, _ in metrics]
    assert said == [*found.items()]


@pytest.mark.parametrize(
    ("language", "document", "heading"),
    [
        ("en", "docs/check.md", "## See what programs do"),
        ("fr", "docs/fr/verifier.md", "## Voir ce que font les logiciels"),
    ],
)
def test_marks_and_words_of_results_are_those_of_the_command(
    language: str, document: str, heading: str
) -> None:
    rows = [(mark, word) for mark, word, _ in table(document, heading)]
    assert rows == [(MARKS[each], words[language]) for each, words in RESULTS.items()]


@pytest.mark.parametrize(
    ("language", "document", "heading"),
    [
        ("en", "docs/which-offer.md", "## Ask the DNS"),
        ("fr", "docs/fr/quelle-offre.md", "## Interroger le DNS"),
    ],
)
def test_words_for_how_sure_it_is_are_those_of_the_command(
    language: str, document: str, heading: str
) -> None:
    words = [word for word, *_ in table(document, heading)]
    assert words == [each[language] for each in CONFIDENCE.values()]


@pytest.mark.parametrize(
    ("document", "heading"),
    [
        ("docs/dns.md", "## What the records are for"),
        ("docs/fr/dns.md", "## À quoi servent les enregistrements"),
    ],
)
def test_records_are_those_that_dns_looks_at(document: str, heading: str) -> None:
    domain = Domain("example.com")
    cells = [record for record, *_ in table(document, heading)]
    named = {f"{label}.{domain}." for cell in cells for label in re.findall(r"`([\w.]+)`", cell)}
    only_mended = {f"{domain}.", f"_smtps._tcp.{domain}."}
    assert named == names_of_interest(domain, None).keys() - only_mended


def test_formats_are_those_that_can_be_shown() -> None:
    sentence = next(line for line in read(REFERENCE).splitlines() if line.startswith("`FORMAT` is"))
    assert re.findall(r"`(\w+)`", sentence)[1:] == SHOWN_FORMATS


def test_web_spaces_are_the_targets_of_export() -> None:
    spaces = table("docs/without-a-server.md", "## Files for web space")
    assert [name.strip("`") for name, *_ in spaces] == list(TARGETS)


def test_programs_that_are_said_to_be_run_are_run() -> None:
    of_none = {"test_mailboxes.py", "test_broken_world.py"}
    files = {path.name for path in CLIENTS.glob("test_*.py")} - of_none
    others = table("docs/clients.md", "## Others")
    known_by = [known for *_, known, _ in (*table("docs/clients.md", PROGRAMS), *others)]
    run = [re.fullmatch(RUN, known) for known in known_by]
    assert {row[1] for row in run if row} == {f"../tests/real/clients/{name}" for name in files}
    assert {known for known in known_by if "](" not in known} <= KNOWN_BY


def test_programs_are_those_of_the_table_of_programs() -> None:
    rows = table("docs/clients.md", PROGRAMS)
    written = [(name, versions, re.sub(RUN, "run", known)) for name, versions, known, _ in rows]
    assert written == [(each.name, each.versions, each.known_by) for each in load_programs()]


def test_what_programs_ask_is_told_as_make_golden_writes_it() -> None:
    assert read(programs.DOCUMENT) == programs.told()


def test_programs_of_the_readme_are_those_that_find_a_document_or_never_ask() -> None:
    """The rows between these two are Outlook's."""
    rows = [re.sub(r" \(.*?\)", "", name) for name, _ in table("README.md", README_PROGRAMS)]
    tried = [
        each
        for each in load_programs()
        if each.known_by in {"run", "tried"}
        and each.reading
        and each.reading.other_types == "skip"  # as of Exchange
        and any(step.startswith(DOCUMENT) for each in each.searches for step in each.steps)
    ]
    assert rows[0] == ", ".join(each.name for each in tried)
    assert [name.split(",")[0] for name in rows[1:3]] == ["Outlook classic"] * 2
    assert rows[3:] == [each.name for each in load_programs() if each.never]


def test_versions_of_programs_are_those_that_are_installed() -> None:
    pins = (CLIENTS.parent / "requirements.in").read_text()
    versions = {each.versions for each in load_programs()}
    for name, requirement in (("core", "deltachat-rpc-server"), ("exchangelib",) * 2):
        (version,) = set(re.findall(rf"\b{name} (\d+\.\d+)\b", read("docs/clients.md")))
        assert f"{name} {version}" in versions
        assert f"{requirement}=={version}." in pins


@pytest.mark.parametrize("row", table("docs/clients.md", "## Quirks"), ids=lambda row: row[1])
def test_quirk_says_where_it_is_met_and_how_it_is_known(row: list[str]) -> None:
    program, habit, answer, where, known = row
    assert program
    assert habit
    assert answer
    assert all((ROOT / path).exists() for path in re.findall(r"`([^`]+)`", where))
    assert where
    assert set(known.split(", ")) <= KNOWN_BY


def test_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for file in ("docs/hosting.md", "deploy/kubernetes.yaml"):
        found = re.findall(r"registry\.example/autoconfig:([\d.]+)", Path(ROOT / file).read_text())
        assert found
        assert set(found) == {version}
    newest = re.search(r"^## (\S+) ", read("CHANGELOG.md"), re.MULTILINE)
    assert newest
    assert newest[1] == version
