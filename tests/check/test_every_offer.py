"""Every program over every offer, answered by the application: as docs/clients.md says."""

import pytest
from flask.testing import FlaskClient

from autoconfig.check.judge import judge
from autoconfig.check.play import play
from autoconfig.check.seen import Seen
from autoconfig.check.verdict import Result, Verdict
from autoconfig.config.load import load_config
from autoconfig.offers.model import Service
from autoconfig.web import create_app
from autoconfig.zone.hosts import alike
from tests.support.services import CATALOGUE, SERVICES
from tests.support.sights import PROGRAMS, application, first_of, person_of, see, wants_password

BASE = "autoconfig.agency.example"
CONFIGURED = {name: each for name, each in SERVICES.items() if not each.guessed}
WITH_STARTTLS = [
    name
    for name, each in CONFIGURED.items()
    if any(server.socket == "STARTTLS" for server in each.of("smtp"))
]
"""Offers to whose server `_submission` leads; all that OVHcloud sells have one."""
EXCHANGE = {"exchangelib": Result.RIGHT, "evolution-ews": Result.RIGHT, "outlook": Result.ASKS}
"""Programs that speak with Exchange alone."""
DEVICES = {"activesync", "apple-exchange"}
ASK_FOR_EXCHANGE = {"thunderbird", "outlook-older"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The application with a domain for every offer, region and kind of server."""
    path = tmp_path_factory.mktemp("check") / "autoconfig.toml"
    path.write_text("\n".join([f'base_url = "https://{BASE}"', *map(_table, CONFIGURED)]))
    return create_app(load_config(path)).test_client()


def _table(name: str) -> str:
    service = SERVICES[name]
    rule = service.offer.regions[service.region].server
    server = f'server = "{service.host}"' if rule.required or name.endswith("ssl0") else ""
    lines = (f'offer = "{service.offer.id}"', f'region = "{service.region}"', server)
    return "\n".join(["[[service]]", *lines, f'domains = ["{name}.example"]'])


def _seen(client: FlaskClient, name: str, *records: str) -> Seen:
    domain, service = f"{name}.example", SERVICES[name]
    hosts = (f"autoconfig.{domain}", f"autodiscover.{domain}", BASE)
    web = first_of(application(client, hosts), wants_password(service.host or "none.example"))
    mx = [f"{domain}. MX {each.preference} {each.host}." for each in service.dns.mx]
    return see(person_of(f"alice@{domain}"), web, *mx, *records)


def _verdicts(seen: Seen, name: str) -> dict[str, Verdict]:
    person = person_of(f"alice@{name}.example")
    return {
        key: judge(each, play(each, person, seen, CATALOGUE), SERVICES[name], person)
        for key, each in PROGRAMS.items()
    }


def _expected(program: str, service: Service) -> Result:  # noqa: PLR0911  # one way each
    exchange = service.autodiscover is not None
    if PROGRAMS[program].never:
        return Result.UNKNOWN
    if program in DEVICES:
        return Result.RIGHT if service.activesync else Result.UNKNOWN
    if program in EXCHANGE:
        return EXCHANGE[program] if exchange else Result.UNKNOWN
    if program in ASK_FOR_EXCHANGE and exchange:
        return Result.ASKS
    if program == "pimalaya" and exchange:
        return Result.NOTHING
    if program == "aerc-debian":  # asks for SRV records alone
        return Result.NOTHING
    return _of_play_store(service) if program == "fairemail-play" else Result.RIGHT


def _of_play_store(service: Service) -> Result:
    """The build of FairEmail that asks no URL of the domain: its table has MX Plan in Europe."""
    table = CATALOGUE.offers["mx-plan"].regions["eu"]
    if not {each.host for each in service.dns.mx} & {each.host for each in table.dns.mx}:
        return Result.NOTHING
    return Result.RIGHT if _has_host_of_table(service) else Result.WRONG


def _has_host_of_table(service: Service) -> bool:
    """Whether the service has the host that FairEmail's table has for OVHcloud."""
    (host,) = alike(CONFIGURED["mx-plan-eu"])
    return host in alike(service)


@pytest.mark.parametrize("name", CONFIGURED)
def test_every_program_comes_to_what_the_documents_say(client: FlaskClient, name: str) -> None:
    verdicts = _verdicts(_seen(client, name), name)
    expected = {program: _expected(program, SERVICES[name]) for program in PROGRAMS}
    assert {program: each.result for program, each in verdicts.items()} == expected
    for verdict in verdicts.values():
        assert verdict.counts == (verdict.result is not Result.UNKNOWN)


@pytest.mark.parametrize("name", WITH_STARTTLS)
def test_srv_records_set_up_programs_that_ask_for_nothing_else(
    client: FlaskClient, name: str
) -> None:
    service = SERVICES[name]
    imap = service.of("imap")[0]
    smtp = next(each for each in service.of("smtp") if each.socket == "STARTTLS")
    verdicts = _verdicts(
        _seen(
            client,
            name,
            f"_imaps._tcp.{name}.example. SRV 0 1 {imap.port} {imap.host}.",
            f"_submission._tcp.{name}.example. SRV 0 1 {smtp.port} {smtp.host}.",
        ),
        name,
    )
    assert verdicts["aerc-debian"].result is Result.RIGHT
    assert verdicts["fairemail-play"].result is Result.RIGHT


@pytest.mark.parametrize("name", CONFIGURED)
def test_fairemail_logs_in_below_ovh_at_its_own_table_alone(client: FlaskClient, name: str) -> None:
    seen, service = _seen(client, name), SERVICES[name]
    person = person_of("alice@example.ovh")
    program = PROGRAMS["fairemail"]
    verdict = judge(program, play(program, person, seen, CATALOGUE), service, person)
    assert verdict.result is (Result.RIGHT if _has_host_of_table(service) else Result.WRONG)
