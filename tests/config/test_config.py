"""The configuration file: what a good one gives, and what is said about a broken one.

Every test works in an empty folder, where the file is `autoconfig.toml`.
"""

import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from autoconfig.cli import main
from autoconfig.config.load import Config, config_path, load_config
from autoconfig.config.settings import NameServer
from autoconfig.names import EmailAddress, parse_domain
from autoconfig.offers.hosting import Numbered, Shared
from autoconfig.offers.model import Service
from autoconfig.problems import ConfigurationError, Problem
from tests.support.own_offers import OWN_OFFERS
from tests.support.services import CATALOGUE, service_of

FILE = "autoconfig.toml"
MX_PLAN = '[[service]]\noffer = "mx-plan"\n'
EMAIL_PRO = '[[service]]\noffer = "email-pro"\nserver = "pro1"\n'
EXCHANGE = '[[service]]\noffer = "exchange-hosted"\nserver = "ex4"\n'
DOMAIN = 'domains = ["example.com"]\n'
GOOD = MX_PLAN + DOMAIN

RULES = {offer.id: offer.region["eu"].server for offer in CATALOGUE.offers.values()}
PRO1, PRO2 = (service_of("email-pro", server=label).host for label in ("pro1", "pro2"))
EX4 = service_of("exchange-hosted", server="ex4").host
ADVISED = {offer: rule.observed[-1] for offer, rule in RULES.items() if isinstance(rule, Numbered)}
"""The host that a message gives as an example."""
HIDDEN = {
    offer: rule.not_for_mail[0]
    for offer, rule in RULES.items()
    if isinstance(rule, Shared) and rule.not_for_mail
}
"""A host that customers see, and that takes no mail from them."""
SHARED_BY = " or ".join(offer for offer, rule in RULES.items() if rule.accepts("ssl0.ovh.net"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, with nothing in it and no configuration in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUTOCONFIG_CONFIG", raising=False)
    return tmp_path


def _write(files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content.encode() if isinstance(content, str) else content)


def _write_with(text: str | bytes | None, files: Mapping[str, str | bytes]) -> None:
    """The configuration (None: there is none) and the files beside it."""
    _write(files if text is None else {FILE: text, **files})


def _load(text: str | bytes, files: Mapping[str, str | bytes] = {}) -> Config:
    _write_with(text, files)
    return load_config(Path(FILE))


def _service_of(config: Config, name: str) -> Service:
    service = config.served.find(EmailAddress.parse(name) if "@" in name else parse_domain(name))
    assert service is not None, name
    return service


def _served(config: Config, name: str) -> tuple[str, str | None]:
    """The offer and the server that answer for a domain or an address."""
    service = _service_of(config, name)
    return service.offer.id, service.host


def _validate(*arguments: str, color: bool = False) -> Result:
    return CliRunner().invoke(main, ["validate", *arguments], color=color)


# ---------------------------------------------------------------------------- domains and addresses


def test_service_answers_for_its_domains() -> None:
    config = _load(EMAIL_PRO + 'domains = ["example.fr", "exemple.fr"]\n')
    assert _served(config, "example.fr") == ("email-pro", PRO1)
    assert _served(config, "exemple.fr") == ("email-pro", PRO1)


def test_each_service_answers_for_its_own_domains() -> None:
    config = _load(GOOD + EMAIL_PRO + 'domains = ["example.fr"]\n')
    assert _served(config, "example.com") == ("mx-plan", None)
    assert _served(config, "example.fr") == ("email-pro", PRO1)


@pytest.mark.parametrize("name", ["example.net", "www.example.com", "ample.com"])
def test_domain_that_is_not_configured_has_no_service(name: str) -> None:
    assert _load(GOOD).served.find(parse_domain(name)) is None


def test_service_is_in_the_region_that_is_named() -> None:
    config = _load(MX_PLAN + 'region = "ca"\n' + DOMAIN)
    assert _service_of(config, "example.com").region == "ca"


def test_region_may_be_written_in_capitals() -> None:
    config = _load(MX_PLAN + 'region = " CA"\n' + DOMAIN)
    assert _service_of(config, "example.com").region == "ca"


def test_offer_may_be_named_by_an_alias() -> None:
    config = _load(f'[[service]]\noffer = "Hosted Exchange"\nserver = "ex4"\n{DOMAIN}')
    assert _served(config, "example.com") == ("exchange-hosted", EX4)


@pytest.mark.parametrize("written", ["example.com", "EXAMPLE.com", "example.com.", " example.com "])
def test_domain_is_known_in_one_form_however_it_is_written(written: str) -> None:
    assert list(_load(f'{MX_PLAN}domains = ["{written}"]\n').served.domains) == ["example.com"]


@pytest.mark.parametrize("written", ["café.example", "CAFÉ.example", "xn--caf-dma.example"])
@pytest.mark.parametrize("asked", ["café.example", "xn--caf-dma.example"])
def test_international_domain_is_known_in_both_forms(written: str, asked: str) -> None:
    config = _load(f'{MX_PLAN}domains = ["{written}"]\n')
    assert _served(config, asked) == ("mx-plan", None)


BOSS = GOOD + EXCHANGE + 'addresses = ["boss@example.com"]\n'


@pytest.mark.parametrize(
    ("name", "offer"),
    [
        ("boss@example.com", "exchange-hosted"),
        ("BOSS@Example.COM", "exchange-hosted"),
        ("alice@example.com", "mx-plan"),
        ("boss@example.com.", "exchange-hosted"),
        ("example.com", "mx-plan"),
    ],
)
def test_address_stands_above_its_domain(name: str, offer: str) -> None:
    assert _served(_load(BOSS), name)[0] == offer


def test_service_of_addresses_alone_does_not_answer_for_their_domain() -> None:
    directory = _load(MX_PLAN + 'addresses = ["boss@example.com"]\n').served
    assert directory.find(EmailAddress.parse("boss@example.com")) is not None
    assert directory.find(parse_domain("example.com")) is None


def test_tables_that_describe_the_same_service_share_its_documents() -> None:
    config = _load(
        EMAIL_PRO
        + 'domains = ["a.example"]\n[[service]]\noffer = "E-mail Pro"\n'
        + 'server = "https://pro1.mail.ovh.net/owa"\ndomains = ["b.example"]\n'
    )
    assert _service_of(config, "a.example") is _service_of(config, "b.example")


def test_tables_are_counted_and_not_what_they_share() -> None:
    _write({FILE: GOOD + MX_PLAN + 'domains = ["b.example"]\n'})
    assert _validate().stdout == f"{FILE}: 2 services, 2 domains\n"


def test_services_on_different_servers_do_not_share_documents() -> None:
    other = EMAIL_PRO.replace("pro1", "pro2") + 'domains = ["b.example"]\n'
    config = _load(EMAIL_PRO + 'domains = ["a.example"]\n' + other)
    assert _served(config, "b.example") == ("email-pro", PRO2)
    assert _service_of(config, "a.example") is not _service_of(config, "b.example")


def test_byte_order_mark_of_the_configuration_is_passed_over() -> None:
    assert _served(_load(b"\xef\xbb\xbf" + GOOD.encode()), "example.com") == ("mx-plan", None)


# ------------------------------------------------------------------------------------- domains_file

IN_FILE = MX_PLAN + 'domains_file = "customers.txt"\n'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"one.example\ntwo.example\n", id="one a line"),
        pytest.param(b"one.example\ntwo.example", id="no final newline"),
        pytest.param(b"# ours\n\none.example  # since May\n  two.example\n#\n", id="comments"),
        pytest.param(b"one.example# old\ntwo.example\t#new\n", id="comments close to a domain"),
        pytest.param(b"one.example\r\ntwo.example\r\n", id="CRLF"),
        pytest.param(b"\xef\xbb\xbfone.example\ntwo.example\n", id="byte order mark"),
        pytest.param(b"ONE.example.\ntwo.example\n", id="capitals and final dot"),
    ],
)
def test_domains_file_has_one_domain_a_line(content: bytes) -> None:
    config = _load(IN_FILE, {"customers.txt": content})
    assert list(config.served.domains) == ["one.example", "two.example"]


def test_domains_file_stands_beside_the_domains_of_the_configuration() -> None:
    config = _load(IN_FILE + DOMAIN, {"customers.txt": "one.example\n"})
    assert set(config.served.domains) == {"one.example", "example.com"}


def test_domains_file_is_looked_for_beside_the_configuration() -> None:
    _write({"sites/mine.toml": IN_FILE, "sites/customers.txt": "one.example\n"})
    assert list(load_config(Path("sites/mine.toml")).served.domains) == ["one.example"]


def test_domains_file_may_be_elsewhere(folder: Path) -> None:
    text = f"{MX_PLAN}domains_file = '{folder / 'lists' / 'all.txt'}'\n"
    _write({"sites/mine.toml": text, "lists/all.txt": "one.example\n"})
    assert list(load_config(Path("sites/mine.toml")).served.domains) == ["one.example"]


def test_thousands_of_domains_share_the_documents_of_their_service() -> None:
    lines = "".join(f"client{number}.example\n" for number in range(5000))
    directory = _load(IN_FILE, {"customers.txt": lines}).served
    assert (len(directory.domains), len(list(directory.services()))) == (5000, 1)


# ------------------------------------------------------------------------------------------- server


@pytest.mark.parametrize(
    "pasted",
    [
        "pro1.mail.ovh.net",
        "pro1",
        "PRO1.mail.OVH.net",
        "pro1.mail.ovh.net.",
        "pro1.mail.ovh.net:443",
        "https://pro1.mail.ovh.net",
        "https://pro1.mail.ovh.net/owa",
        "https://pro1.mail.ovh.net/owa/?x=1#top",
        "HTTPS://Pro1.Mail.OVH.net./owa",
        "http://pro1.mail.ovh.net:80/",
        "  pro1.mail.ovh.net  ",
    ],
)
def test_server_may_be_pasted_as_the_control_panel_shows_it(pasted: str) -> None:
    config = _load(f'[[service]]\noffer = "email-pro"\nserver = "{pasted}"\n{DOMAIN}')
    assert _served(config, "example.com") == ("email-pro", PRO1)
    assert config.warnings == ()


def test_ssl0_may_be_named_for_mx_plan_in_europe() -> None:
    config = _load(f'{MX_PLAN}server = "ssl0.ovh.net"\n{DOMAIN}')
    assert _served(config, "example.com") == ("mx-plan", "ssl0.ovh.net")


def test_hosted_exchange_in_canada_needs_no_server() -> None:
    config = _load(f'[[service]]\noffer = "exchange-hosted"\nregion = "ca"\n{DOMAIN}')
    assert _served(config, "example.com") == (
        "exchange-hosted",
        service_of("exchange-hosted", "ca").host,
    )


def test_private_exchange_is_on_the_host_of_the_customer() -> None:
    config = _load(
        f'[[service]]\noffer = "exchange-private"\nserver = "mail.corp.example"\n{DOMAIN}'
    )
    assert _served(config, "example.com") == ("exchange-private", "mail.corp.example")


UNSEEN = EMAIL_PRO.replace("pro1", "pro97") + DOMAIN


def test_server_that_was_never_observed_is_served_with_a_warning() -> None:
    config = _load(UNSEEN)
    host = service_of("email-pro", server="pro97").host
    assert _served(config, "example.com") == ("email-pro", host)
    (warning,) = config.warnings
    assert warning.where == f"{FILE}: service 1 (email-pro): server"
    assert f"{host} has not been seen" in warning.message


def test_warning_is_printed_and_does_not_fail_the_check() -> None:
    _write({FILE: UNSEEN})
    result = _validate()
    assert result.exit_code == 0
    assert result.stderr.startswith(f"warning: {FILE}: service 1 (email-pro): server: ")
    assert "warning" not in result.stdout


# ------------------------------------------------------------------------------- the other settings


def test_base_url_is_none_by_default() -> None:
    assert _load(GOOD).base_url is None


@pytest.mark.parametrize(
    ("written", "base_url"),
    [
        ("https://autoconfig.example", "https://autoconfig.example"),
        ("https://autoconfig.example/", "https://autoconfig.example"),
        ("  https://autoconfig.example  ", "https://autoconfig.example"),
        ("HTTPS://AutoConfig.Example", "https://autoconfig.example"),
        ("https://autoconfig.example.", "https://autoconfig.example"),
        ("https://autoconfig.example:8443/", "https://autoconfig.example:8443"),
        ("https://café.example", "https://xn--caf-dma.example"),
    ],
)
def test_base_url_is_brought_into_one_form(written: str, base_url: str) -> None:
    assert _load(f'base_url = "{written}"\n{GOOD}').base_url == base_url


def test_proxies_of_this_machine_are_trusted_by_default() -> None:
    assert _load(GOOD).trusted_proxies == (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("written", "networks"),
    [
        ('["10.0.0.0/8"]', ["10.0.0.0/8"]),
        ('["192.0.2.7"]', ["192.0.2.7/32"]),
        ('["2001:db8::/32", " 192.0.2.0/24 "]', ["2001:db8::/32", "192.0.2.0/24"]),
        ("[]", []),
    ],
    ids=["network", "address", "two", "none"],
)
def test_own_proxies_take_the_place_of_the_default(written: str, networks: list[str]) -> None:
    config = _load(f"trusted_proxies = {written}\n{GOOD}")
    assert config.trusted_proxies == tuple(map(ip_network, networks))


OWN = 'offers_file = "offers/own.toml"\n'
ACME = f'[[service]]\noffer = "acme-mail"\nserver = "box1"\n{DOMAIN}'


def test_dns_is_not_asked_by_default() -> None:
    assert not _load(GOOD).detect


@pytest.mark.parametrize("text", ["detect = true\n", "detect = true\nservice = []\n"])
def test_configuration_that_has_the_dns_asked_needs_no_service(text: str) -> None:
    config = _load(text)
    assert config.detect
    assert not config.served.all_domains()


def test_configuration_may_have_services_and_the_dns_asked_about_the_rest() -> None:
    config = _load("detect = true\n" + GOOD)
    assert config.detect
    assert _served(config, "example.com") == ("mx-plan", None)


@pytest.mark.parametrize(
    ("written", "generator"),
    [("", False), ("generator = false\n", False), ("generator = true\n", True)],
    ids=["not said", "off", "on"],
)
def test_form_for_people_without_a_server_is_off_unless_it_is_wanted(
    written: str, *, generator: bool
) -> None:
    assert _load(written + GOOD).generator is generator


def test_name_servers_of_the_system_are_asked_by_default() -> None:
    assert _load("detect = true\n").resolvers == ()


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [
        ("127.0.0.1", "127.0.0.1", 53),
        (" 127.0.0.1:5353 ", "127.0.0.1", 5353),
        ("[::1]", "::1", 53),
        ("[2001:DB8:0::1]:5353", "2001:db8::1", 5353),
        ("unbound", "unbound", 53),
        ("My_Resolver:5353", "my_resolver", 5353),
        ("ns.example.com", "ns.example.com", 53),
    ],
)
@pytest.mark.parametrize("detect", ["", "detect = true\n"])
def test_name_server_is_named_with_or_without_a_port(
    written: str, host: str, port: int, detect: str
) -> None:
    """Without `detect` too: the commands ask it."""
    config = _load(f'{detect}resolvers = ["{written}"]\n{GOOD}')
    assert config.resolvers == (NameServer(host, port),)


def test_name_servers_keep_their_order() -> None:
    config = _load(f'resolvers = ["192.0.2.2", "192.0.2.1"]\n{GOOD}')
    assert config.resolvers == (NameServer("192.0.2.2", 53), NameServer("192.0.2.1", 53))


def test_configuration_has_the_offers_of_its_offers_file() -> None:
    config = _load('offers_file = "own.toml"\ndetect = true\n', {"own.toml": OWN_OFFERS})
    assert config.catalogue.offers.keys() > CATALOGUE.offers.keys()


def test_offers_file_adds_an_offer() -> None:
    config = _load(OWN + ACME, {"offers/own.toml": OWN_OFFERS})
    assert _served(config, "example.com") == ("acme-mail", "box1.acme.example")


def test_offers_file_leaves_the_packaged_offers() -> None:
    config = _load(OWN + GOOD, {"offers/own.toml": OWN_OFFERS})
    assert _served(config, "example.com") == ("mx-plan", None)


def test_offers_file_overrides_an_offer() -> None:
    offers = OWN_OFFERS.replace('"acme-mail"', '"mx-plan"')
    config = _load(OWN + ACME.replace("acme-mail", "mx-plan"), {"offers/own.toml": offers})
    assert _served(config, "example.com") == ("mx-plan", "box1.acme.example")


def test_offers_file_is_looked_for_beside_the_configuration() -> None:
    _write({"sites/mine.toml": OWN + ACME, "sites/offers/own.toml": OWN_OFFERS})
    assert _served(load_config(Path("sites/mine.toml")), "example.com")[0] == "acme-mail"


# ------------------------------------------------------------------------------- which file is read


def test_flag_stands_above_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOCONFIG_CONFIG", "environment.toml")
    assert config_path(Path("flag.toml")) == Path("flag.toml")


def test_environment_stands_above_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOCONFIG_CONFIG", "environment.toml")
    assert config_path(None) == Path("environment.toml")


def test_empty_environment_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOCONFIG_CONFIG", "")
    assert config_path(None) == Path("autoconfig.toml")


def test_default_is_autoconfig_toml_in_the_current_directory() -> None:
    assert config_path(None) == Path("autoconfig.toml")


@pytest.mark.parametrize(
    ("arguments", "environment", "read"),
    [
        (["--config", "flag.toml"], "environment.toml", "flag.toml"),
        ([], "environment.toml", "environment.toml"),
        ([], "", "autoconfig.toml"),
    ],
    ids=["flag", "environment", "default"],
)
def test_command_reads_the_file_that_comes_first(
    arguments: list[str], environment: str, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOCONFIG_CONFIG", environment)
    _write(dict.fromkeys(("flag.toml", "environment.toml", "autoconfig.toml"), GOOD))
    assert _validate(*arguments).stdout == f"{read}: 1 service, 1 domain\n"


def test_good_configuration_is_summed_up_on_standard_output() -> None:
    _write({FILE: BOSS})
    result = _validate()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{FILE}: 2 services, 1 domain, 1 address\n"


# ---------------------------------------------------------------------------- broken configurations


class Broken(NamedTuple):
    """A configuration with one mistake, and what must be said of it.

    `where` leads to it, `found` and `write` stand in the message: what is there, and what should
    be ("" where the place says it all). `files` lie beside the configuration; `text` is None where
    there is none.
    """

    text: str | bytes | None
    where: str
    found: str = ""
    write: str = ""
    files: Mapping[str, str | bytes] = {}


def _service(offer: str, *lines: str) -> str:
    return "\n".join(("[[service]]", f'offer = "{offer}"', *lines, DOMAIN))


def _domain(text: str, write: str = "one such as example.com") -> Broken:
    """The second domain is wrong."""
    return Broken(
        f'{MX_PLAN}domains = ["good.example", "{text}"]\n',
        f"{FILE}: service 1 (mx-plan): domains 2",
        f'found "{text}"',
        f"write {write}",
    )


def _address(text: str, write: str = "write one such as alice@example.com") -> Broken:
    return Broken(
        f'{MX_PLAN}addresses = ["{text}"]\n',
        f"{FILE}: service 1 (mx-plan): addresses 1",
        f'found "{text}"',
        write,
    )


def _base_url(text: str, fault: str) -> Broken:
    return Broken(
        f'base_url = "{text}"\n{GOOD}',
        f"{FILE}: base_url",
        f'found "{text}"',
        f"{fault}; write one such as https://autoconfig.example.com",
    )


def _resolver(text: str, write: str = "one such as 127.0.0.1, [::1] or 192.0.2.53:5353") -> Broken:
    return Broken(
        f'resolvers = ["127.0.0.1", "{text}"]\n{GOOD}',
        f"{FILE}: resolvers",
        f'found "{text}" is no name server',
        f"; write {write}",
    )


def _server(offer: str, server: str, write: str, region: str = "eu") -> Broken:
    return Broken(
        _service(offer, f'region = "{region}"', f'server = "{server}"'),
        f"{FILE}: service 1 ({offer}): server",
        f'found "{server}"',
        write,
    )


def _wrong_type(key: str, value: str, write: str) -> Broken:
    """A key of a service that is right but for the type of this value."""
    keys = {"offer": '"email-pro"', "server": '"pro1"', "domains": '["example.com"]'} | {key: value}
    name = "service 1" if key == "offer" else "service 1 (email-pro)"
    return Broken(
        "[[service]]\n" + "".join(f"{each} = {written}\n" for each, written in keys.items()),
        f"{FILE}: {name}: {key}",
        f"found {value}",
        write,
    )


WRONG_TYPES = {
    "offer-is-a-number": _wrong_type("offer", "3", "string"),
    "region-is-a-number": _wrong_type("region", "3", "string"),
    "server-is-a-number": _wrong_type("server", "3", "string"),
    "server-is-a-boolean": _wrong_type("server", "true", "string"),
    "domains-is-a-string": _wrong_type("domains", '"example.com"', '["example.com"]'),
    "domains-is-a-number": _wrong_type("domains", "3", "array"),
    "domains_file-is-a-number": _wrong_type("domains_file", "3", "string"),
    "addresses-is-a-string": _wrong_type("addresses", '"b@example.com"', '["b@example.com"]'),
    "domain-is-a-number": Broken(
        MX_PLAN + 'domains = ["a.example", 3]\n',
        f"{FILE}: service 1 (mx-plan): domains.2",
        "found 3",
        "string",
    ),
    "address-is-a-number": Broken(
        MX_PLAN + "addresses = [3.5]\n",
        f"{FILE}: service 1 (mx-plan): addresses.1",
        "found 3.5",
        "string",
    ),
    "base_url-is-a-number": Broken("base_url = 3\n" + GOOD, f"{FILE}: base_url", "3", "string"),
    "base_url-is-a-day": Broken(
        "base_url = 2026-01-01\n" + GOOD, f"{FILE}: base_url", "2026-01-01", "string"
    ),
    "trusted_proxies-is-a-string": Broken(
        'trusted_proxies = "192.0.2.7"\n' + GOOD,
        f"{FILE}: trusted_proxies",
        '"192.0.2.7"',
        '["192.0.2.7"]',
    ),
    "trusted-proxy-is-a-number": Broken(
        "trusted_proxies = [1]\n" + GOOD, f"{FILE}: trusted_proxies.1", "found 1", "string"
    ),
    "offers_file-is-an-array": Broken(
        'offers_file = ["own.toml"]\n' + GOOD, f"{FILE}: offers_file", "own.toml", "string"
    ),
    "detect-is-a-string": Broken('detect = "yes"\n', f"{FILE}: detect", '"yes"', "true or false"),
    "detect-is-a-number": Broken(f"detect = 1\n{GOOD}", f"{FILE}: detect", "1", "true or false"),
    "resolvers-is-a-string": Broken(
        f'resolvers = "127.0.0.1"\n{GOOD}',
        f"{FILE}: resolvers",
        'found "127.0.0.1"',
        '["127.0.0.1"]',
    ),
    "resolver-is-a-number": Broken(
        f"resolvers = [53]\n{GOOD}", f"{FILE}: resolvers.1", "found 53", "string"
    ),
    "service-is-a-string": Broken(
        'service = ["mx-plan"]\n', f"{FILE}: service 1", '"mx-plan"', "[[service]]"
    ),
}

BROKEN = {
    # the file
    "toml-syntax": Broken(
        f'base_url = "https://a.example"\n[[service]\noffer = "mx-plan"\n{DOMAIN}',
        FILE,
        "line 2",
        "']]'",
    ),
    "toml-key-twice": Broken(GOOD + DOMAIN, FILE, "line 4", "remove one"),
    "toml-table-twice": Broken(f"[a]\n[a]\n{GOOD}", FILE, "line 2", "[[…]] if there are several"),
    "toml-text-without-quotes": Broken(
        f"[[service]]\noffer = mx-plan\n{DOMAIN}", FILE, "line 2", "in straight quotes"
    ),
    "toml-quote-left-open": Broken(
        f'[[service]]\noffer = "mx-plan\n{DOMAIN}', FILE, "line 2", "close the quotes"
    ),
    "toml-array-left-open": Broken(MX_PLAN + 'domains = ["a.example"\n', FILE, "line 3", "]"),
    "toml-no-equals-sign": Broken('[[service]]\noffer "mx-plan"\n', FILE, "line 2", 'key = "text"'),
    "not-utf-8": Broken(f"# a\n# caf\xe9\n{GOOD}".encode("latin-1"), FILE, "line 2", "UTF-8"),
    "utf-16": Broken(GOOD.encode("utf-16"), FILE, "is not UTF-8", "save it as UTF-8"),
    "missing-file": Broken(None, FILE, "no such file"),
    "directory": Broken(None, FILE, "directory", files={f"{FILE}/{FILE}": GOOD}),
    "empty-file": Broken("", FILE, "there is no [[service]]", "add one"),
    "no-service": Broken(
        'base_url = "https://a.example"\n', FILE, "there is no [[service]]", "add one"
    ),
    # keys outside a table
    "misspelt-top-key": Broken(
        f'base_ur = "https://a.example"\n{GOOD}', f"{FILE}: base_ur", "no such key", '"base_url"'
    ),
    "unknown-top-key": Broken(
        f'colour = "red"\n{GOOD}', f"{FILE}: colour", "no such key", "base_url, trusted_proxies"
    ),
    "single-brackets": Broken(
        f'[service]\noffer = "mx-plan"\n{DOMAIN}', f"{FILE}: service", write="[[service]]"
    ),
    "services": Broken(
        f'[[services]]\noffer = "mx-plan"\n{DOMAIN}', f"{FILE}: services", "no such", "[[service]]"
    ),
    "base_url-http": _base_url("http://autoconfig.example", "because Outlook is sent there"),
    "base_url-without-scheme": _base_url("autoconfig.example", "because Outlook is sent there"),
    "base_url-without-host": _base_url("https://", '"" is no name that has a certificate'),
    "base_url-host-of-one-label": _base_url(
        "https://localhost", '"localhost" is no name that has a certificate'
    ),
    "base_url-ip-address": _base_url(
        "https://192.0.2.1", '"192.0.2.1" is no name that has a certificate'
    ),
    "base_url-junk": _base_url("https://[::1", "that is no web address (Invalid IPv6 URL)"),
    "base_url-empty": _base_url("", "it must begin with https://, because Outlook is sent there"),
    "base_url-port-too-high": _base_url("https://a.example:99999", "(Port out of range 0-65535)"),
    "base_url-port-0": _base_url("https://a.example:0", "(Port out of range 1-65535)"),
    "base_url-with-query": _base_url("https://a.example/?x=1", "answers below no path"),
    "base_url-with-password": _base_url("https://u:p@a.example", "no user and no password"),
    "base_url-with-path": _base_url("https://a.example/Mail/", "answers below no path"),
    "base_url-with-tab-inside": _base_url(
        "https://auto\\tconfig.example", "no invisible character"
    ),
    "base_url-with-sign-for-a-number": _base_url("https://ex?.example", "answers below no path"),
    "base_url-host-with-space": _base_url("https://a b.example", "that has a certificate"),
    "trusted-proxy-by-name": Broken(
        f'trusted_proxies = ["::1", "proxy.example"]\n{GOOD}',
        f"{FILE}: trusted_proxies",
        '"proxy.example"',
        "10.0.0.0/8",
    ),
    "trusted-proxy-empty": Broken(
        f'trusted_proxies = ["::1", ""]\n{GOOD}', f"{FILE}: trusted_proxies", '""', "10.0.0.0/8"
    ),
    "trusted-proxy-mask": Broken(
        f'trusted_proxies = ["10.0.0.0/33"]\n{GOOD}',
        f"{FILE}: trusted_proxies",
        '"10.0.0.0/33"',
        "10.0.0.0/8",
    ),
    "trusted-proxy-inside-a-network": Broken(
        f'trusted_proxies = ["10.1.2.3/8"]\n{GOOD}',
        f"{FILE}: trusted_proxies",
        '"10.1.2.3/8"',
        '"10.0.0.0/8" to trust the whole network, or "10.1.2.3"',
    ),
    "detect-off-and-no-service": Broken(
        "detect = false\n", FILE, "there is no [[service]]", "or write `detect = true`"
    ),
    "detect-in-a-service": Broken(
        _service("mx-plan", "detect = true"),
        f"{FILE}: service 1 (mx-plan): detect",
        "no such key",
        "detect, above the first [[service]]",
    ),
    "resolver-without-brackets": _resolver("::1", "[::1]"),
    "resolver-with-a-port-and-no-brackets": _resolver("2001:db8::1:53", "[2001:db8::1:53]"),
    "resolver-with-brackets-around-a-name": _resolver("[ns.example]"),
    "resolver-with-brackets-around-ipv4": _resolver("[127.0.0.1]"),
    "resolver-with-half-of-the-brackets": _resolver("[::1"),
    "resolver-on-an-interface": _resolver("[fe80::1%eth0]"),
    "resolver-as-a-url": _resolver("https://dns.example/dns-query"),
    "resolver-with-scheme": _resolver("udp://127.0.0.1"),
    "resolver-without-host": _resolver(":53"),
    "resolver-empty": _resolver(""),
    "resolver-port-0": _resolver("127.0.0.1:0"),
    "resolver-port-too-high": _resolver("127.0.0.1:65536"),
    "resolver-port-of-six-digits": _resolver("127.0.0.1:000053"),
    "resolver-port-missing": _resolver("127.0.0.1:"),
    "resolver-port-is-a-word": _resolver("127.0.0.1:dns"),
    "resolver-ends-in-a-number": _resolver("10.0.0.256"),
    "resolver-with-a-blank": _resolver("127.0.0.1 127.0.0.2"),
    "resolver-is-a-network": _resolver("10.0.0.0/8"),
    "resolver-with-a-label-too-long": _resolver("a" * 64),
    "resolver-too-long": Broken(
        f'resolvers = ["{"a." * 127}a"]\n{GOOD}', f"{FILE}: resolvers", "is no name server", "[::1]"
    ),
    "offers_file-missing": Broken(
        f'offers_file = "own.toml"\n{GOOD}', f"{FILE}: offers_file: own.toml", "no such file"
    ),
    "offers_file-syntax": Broken(
        f'offers_file = "own.toml"\n{GOOD}', "own.toml", "line 1", files={"own.toml": "a = \n"}
    ),
    "offers_file-mistake": Broken(
        f'offers_file = "own.toml"\n{GOOD}',
        "own.toml: offer.1.name",
        "is missing",
        files={"own.toml": OWN_OFFERS.replace('name = "Acme Mail"\n', "", 1)},
    ),
    # the keys of a service
    "no-offer": Broken(
        f"[[service]]\n{DOMAIN}", f"{FILE}: service 1: offer", "is missing", "mx-plan"
    ),
    "misspelt-offer": Broken(
        _service("email-por", 'server = "pro1"'),
        f"{FILE}: service 1 (email-por): offer",
        'found "email-por"',
        'did you mean "email-pro"?',
    ),
    "unknown-offer": Broken(
        _service("gmail"),
        f"{FILE}: service 1 (gmail): offer",
        'found "gmail"',
        ", ".join(CATALOGUE.offers),
    ),
    "misspelt-optional-key": Broken(
        _service("mx-plan", 'regio = "ca"'),
        f"{FILE}: service 1 (mx-plan): regio",
        "no such key",
        'did you mean "region"?',
    ),
    "misspelt-server": Broken(
        _service("email-pro", 'sever = "pro1"'),
        f"{FILE}: service 1 (email-pro): sever",
        "no such key",
        'did you mean "server"?',
    ),
    "misspelt-domains": Broken(
        MX_PLAN + 'domain = ["example.com"]\n',
        f"{FILE}: service 1 (mx-plan): domain",
        "no such key",
        'did you mean "domains"?',
    ),
    "unknown-key-of-a-service": Broken(
        _service("mx-plan", 'password = "x"'),
        f"{FILE}: service 1 (mx-plan): password",
        "no such key",
        "offer, region, server, protocols, domains, domains_file, addresses",
    ),
    "misspelt-key-beside-the-right-one": Broken(
        GOOD + 'domain = ["a.example"]\n',
        f"{FILE}: service 1 (mx-plan): domain",
        "no such key",
        'did you mean "domains"?',
    ),
    "setting-below-a-service": Broken(
        GOOD + 'base_url = "https://a.example"\n',
        f"{FILE}: service 1 (mx-plan): base_url",
        "no such key",
        "[[service]]",
    ),
    "unknown-region": Broken(
        _service("mx-plan", 'region = "us"'),
        f"{FILE}: service 1 (mx-plan): region",
        'found "us"',
        '"eu" or "ca" or "apac"',
    ),
    "region-where-the-offer-is-not-sold": Broken(
        _service("email-pro", 'region = "ca"', 'server = "pro1"'),
        f"{FILE}: service 1 (email-pro): region",
        'found "ca"',
        'email-pro is sold in region "eu"',
    ),
    **WRONG_TYPES,
    # server
    **{
        f"no-server-for-{offer}": Broken(
            _service(offer), f"{FILE}: service 1 ({offer}): server", "is missing", write
        )
        for offer, write in {
            "email-pro": f"control panel shows, such as {ADVISED['email-pro']}",
            "exchange-hosted": f"control panel shows, such as {ADVISED['exchange-hosted']}",
            "exchange-private": "control panel shows it, such as mail.example.com",
        }.items()
    },
    "server-for-mx-plan": _server("mx-plan", "mail.example.com", "leave server out"),
    "webmail-of-zimbra": _server("zimbra-pro", HIDDEN["zimbra-pro"], "takes no IMAP, POP or SMTP"),
    "webmail-of-zimbra-for-another-offer": _server(
        "email-pro", HIDDEN["zimbra-pro"], "takes no IMAP, POP or SMTP"
    ),
    "back-end-of-mx-plan": _server("mx-plan", HIDDEN["mx-plan"], "leave server out"),
    "server-of-exchange-for-mx-plan": _server("mx-plan", "ex4.mail.ovh.net", "exchange-hosted"),
    "ssl0-for-mx-plan-in-canada": _server("mx-plan", "ssl0.ovh.net", 'region "eu"', "ca"),
    "ssl0-for-exchange": _server("exchange-hosted", "ssl0.ovh.net", SHARED_BY),
    "ssl0-for-email-pro": _server("email-pro", "ssl0.ovh.net", SHARED_BY),
    "ssl0-for-private-exchange": _server("exchange-private", "ssl0.ovh.net", SHARED_BY),
    "ex4-for-email-pro": _server("email-pro", "ex4", "exchange-hosted"),
    "ex4-host-for-email-pro": _server("email-pro", "ex4.mail.ovh.net", "exchange-hosted"),
    "pro1-for-exchange": _server("exchange-hosted", "pro1", "email-pro"),
    "canadian-host-in-europe": _server("exchange-hosted", "ex.mail.ovh.ca", 'region "ca"'),
    "european-host-in-canada": _server("exchange-hosted", "ex4", 'region "eu"', "ca"),
    "hosted-server-for-private-exchange": _server(
        "exchange-private", "ex4.mail.ovh.net", "exchange-hosted"
    ),
    "ovhcloud-host-for-private-exchange": _server(
        "exchange-private", "mail.ovh.net", "the service's own host"
    ),
    "own-host-for-hosted-exchange": _server(
        "exchange-hosted", "mail.corp.example", "exchange-private"
    ),
    "server-of-three-digits": _server("email-pro", "pro100.mail.ovh.net", ADVISED["email-pro"]),
    "server-that-is-no-host": _server("email-pro", "control panel", ADVISED["email-pro"]),
    "server-that-is-two-hosts": _server("email-pro", "pro1 or pro2", ADVISED["email-pro"]),
    "server-that-is-an-ip-address": _server("exchange-private", "192.0.2.1", "mail.example.com"),
    "server-with-markup": _server(
        "exchange-private", "<b>mail.example.com</b>", "such as mail.example.com"
    ),
    "server-that-is-only-a-scheme": _server("email-pro", "https://", ADVISED["email-pro"]),
    "server-that-is-empty": _server("email-pro", "", ADVISED["email-pro"]),
    "server-that-is-empty-for-mx-plan": _server("mx-plan", "", "leave server out"),
    # domains and addresses
    "no-domain": Broken(
        MX_PLAN, f"{FILE}: service 1 (mx-plan)", "no domain", "`domains`, `domains_file`"
    ),
    "empty-domains": Broken(
        MX_PLAN + "domains = []\n", f"{FILE}: service 1 (mx-plan)", "no domain", "`domains_file`"
    ),
    "empty-addresses": Broken(
        MX_PLAN + "addresses = []\n", f"{FILE}: service 1 (mx-plan)", "no domain", "`domains`"
    ),
    "empty-name-of-a-domains_file": Broken(
        MX_PLAN + 'domains_file = ""\n', f"{FILE}: service 1 (mx-plan)", "no domain", "`domains`"
    ),
    "domain-with-space": _domain("exam ple.com"),
    "domain-of-one-label": _domain("localhost"),
    "domain-that-is-an-ip-address": _domain("192.0.2.1", "a name and not an IP address"),
    "domain-that-is-an-ipv6-address": _domain("2001:db8::1", "a name and not an IP address"),
    "domain-with-wildcard": _domain("*.a.example", "a.example"),
    "domain-that-is-an-address": _domain(
        "boss@a.example", "a.example; an address goes into `addresses`"
    ),
    "domain-with-markup": _domain("<script>alert(1)</script>.example"),
    "domain-that-is-a-url": _domain("https://a.example:443/x", "a.example"),
    "domain-that-is-two": _domain("a.example, b.example"),
    "domain-that-is-empty": _domain(""),
    "domain-with-empty-label": _domain("example..com"),
    "domain-with-long-label": _domain(f"{'a' * 64}.example"),
    "address-without-at": _address("boss"),
    "address-that-is-a-domain": _address("a.example", "a domain goes into `domains`"),
    "address-for-everybody": _address("*@a.example", 'write `domains = ["a.example"]`'),
    "address-with-two-at": _address("boss@home@example.com"),
    "address-with-space": _address("the boss@example.com"),
    "address-without-local-part": _address("@example.com"),
    "address-with-name": _address("Boss <boss@example.com>"),
    "address-in-a-domain-of-one-label": _address("boss@localhost"),
    "domain-twice-in-one-service": Broken(
        MX_PLAN + 'domains = ["a.example", "b.example", "A.example."]\n',
        f"{FILE}: service 1 (mx-plan): domains 3",
        '"a.example" is claimed twice',
        f"{FILE}: service 1 (mx-plan): domains 1",
    ),
    "domain-twice-in-two-services": Broken(
        GOOD + EMAIL_PRO + DOMAIN,
        f"{FILE}: service 2 (email-pro): domains 1",
        '"example.com" is claimed twice',
        f"{FILE}: service 1 (mx-plan): domains 1",
    ),
    "domain-twice-in-both-forms": Broken(
        MX_PLAN + 'domains = ["xn--caf-dma.example", "café.example"]\n',
        f"{FILE}: service 1 (mx-plan): domains 2",
        "café.example",
        f"{FILE}: service 1 (mx-plan): domains 1",
    ),
    "domain-twice-inline-and-in-a-file": Broken(
        IN_FILE + DOMAIN,
        "customers.txt: line 2",
        '"example.com" is claimed twice',
        f"{FILE}: service 1 (mx-plan): domains 1",
        {"customers.txt": "a.example\nexample.com\n"},
    ),
    "domain-twice-in-a-file": Broken(
        IN_FILE,
        "customers.txt: line 3",
        '"a.example" is claimed twice',
        "customers.txt: line 1",
        {"customers.txt": "a.example\n\na.example\n"},
    ),
    "address-twice": Broken(
        BOSS + EMAIL_PRO + 'addresses = ["boss@example.com"]\n',
        f"{FILE}: service 3 (email-pro): addresses 1",
        '"boss@example.com" is claimed twice',
        f"{FILE}: service 2 (exchange-hosted): addresses 1",
    ),
    "address-twice-in-another-case": Broken(
        BOSS + EMAIL_PRO + 'addresses = ["Boss@EXAMPLE.com"]\n',
        f"{FILE}: service 3 (email-pro): addresses 1",
        "is claimed twice",
        f"{FILE}: service 2 (exchange-hosted): addresses 1",
    ),
    # domains_file
    "domains_file-missing": Broken(
        IN_FILE, f"{FILE}: service 1 (mx-plan): domains_file: customers.txt", "no such file"
    ),
    "domains_file-is-a-directory": Broken(
        MX_PLAN + 'domains_file = "lists"\n',
        f"{FILE}: service 1 (mx-plan): domains_file: lists",
        "directory",
        files={"lists/customers.txt": "a.example\n"},
    ),
    "domains_file-empty": Broken(
        IN_FILE,
        f"{FILE}: service 1 (mx-plan): domains_file",
        "customers.txt names no domain",
        files={"customers.txt": "# later\n\n"},
    ),
    "domains_file-not-utf-8": Broken(
        IN_FILE,
        f"{FILE}: service 1 (mx-plan): domains_file: customers.txt",
        "line 2",
        "UTF-8",
        {"customers.txt": b"a.example\ncaf\xe9.example\n"},
    ),
    "domains_file-sign-in-a-domain": Broken(
        IN_FILE,
        "customers.txt: line 1",
        '"example.co#m" is not a domain name',
        "one such as",
        files={"customers.txt": "example.co#m\n"},
    ),
    "domains_file-bad-line": Broken(
        IN_FILE,
        "customers.txt: line 3",
        'found "not a domain"',
        "example.com",
        {"customers.txt": "# ours\r\na.example\r\nnot a domain  # or is it\r\n"},
    ),
}


def _rows(*needed: str) -> pytest.MarkDecorator:
    """Every broken configuration that has all of these fields."""
    rows = {name: row for name, row in BROKEN.items() if all(getattr(row, f) for f in needed)}
    return pytest.mark.parametrize("broken", rows.values(), ids=list(rows))


def _problems(text: str | bytes | None, files: Mapping[str, str | bytes] = {}) -> list[Problem]:
    _write_with(text, files)
    with pytest.raises(ConfigurationError) as caught:
        load_config(Path(FILE))
    return list(caught.value.problems)


@_rows()
def test_mistake_is_reported_once_and_by_its_place(broken: Broken) -> None:
    places = [problem.where for problem in _problems(broken.text, broken.files)]
    assert places == [broken.where]


@_rows("found")
def test_mistake_is_reported_with_what_was_found(broken: Broken) -> None:
    assert broken.found in _problems(broken.text, broken.files)[0].message


@_rows("write")
def test_mistake_is_reported_with_what_to_write(broken: Broken) -> None:
    problem = _problems(broken.text, broken.files)[0]
    assert broken.write in problem.message.replace(broken.found, "", 1)


@pytest.mark.parametrize("broken", WRONG_TYPES.values(), ids=list(WRONG_TYPES))
def test_wrong_type_is_reported_in_the_words_of_toml(broken: Broken) -> None:
    (problem,) = _problems(broken.text)
    foreign = r"\b(?:str|int|bool|null|object|True|False|None|datetime)\b"
    assert re.findall(foreign, problem.message) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [("['x', 1.5]", '["x", 1.5]'), ("{ a = true, b = ['c'] }", '{ a = true, b = ["c"] }')],
)
def test_what_was_found_is_written_as_in_toml(value: str, found: str) -> None:
    (problem,) = _problems(f"[[service]]\noffer = {value}\n{DOMAIN}")
    assert problem.message.startswith(f"found {found}: ")


@_rows()
def test_command_ends_with_2_and_no_traceback_for_a_broken_configuration(broken: Broken) -> None:
    _write_with(broken.text, broken.files)
    result = _validate("--config", FILE)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@_rows()
def test_command_says_every_mistake_on_standard_error_alone(broken: Broken) -> None:
    problems = _problems(broken.text, broken.files)
    result = _validate("--config", FILE)
    assert result.stderr.splitlines() == [f"error: {problem}" for problem in problems]
    assert result.stdout == ""


# ------------------------------------------------------------------------- several mistakes at once

SEVERAL = """\
base_url = "http://autoconfig.example"
colour = "red"
trusted_proxies = ["proxy.example"]

[[service]]
offer = "email-por"
domains = ["bad domain"]

[[service]]
offer = "mx-plan"
regio = "ca"
domains = ["good.example", "localhost"]
addresses = ["boss"]

[[service]]
offer = "exchange-hosted"
server = "ssl0.ovh.net"
domains = ["good.example"]
domains_file = "customers.txt"
"""
PLACES = [
    f"{FILE}: base_url",
    f"{FILE}: colour",
    f"{FILE}: trusted_proxies",
    f"{FILE}: service 1 (email-por): offer",
    f"{FILE}: service 1 (email-por): domains 1",
    f"{FILE}: service 2 (mx-plan): regio",
    f"{FILE}: service 2 (mx-plan): domains 2",
    f"{FILE}: service 2 (mx-plan): addresses 1",
    f"{FILE}: service 3 (exchange-hosted): server",
    f"{FILE}: service 3 (exchange-hosted): domains 1",
    f"{FILE}: service 3 (exchange-hosted): domains_file: customers.txt",
]


MISSPELT = {
    'domain = "a.example"\n': ["domain", "domain"],
    'address = "boss@b.example"\nregions = ["ca"]\n': ["address", "address", "regions", "regions"],
    f'{DOMAIN}domains_fil = ["x.txt"]\n': ["domains_fil", "domains_fil"],
    f"{DOMAIN}regio = 5\nserver = 5\n": ["regio", "regio", "server"],
}


@pytest.mark.parametrize(("lines", "keys"), MISSPELT.items())
def test_value_of_a_misspelt_key_is_checked_as_that_of_the_right_one(
    lines: str, keys: list[str]
) -> None:
    problems = _problems(MX_PLAN + lines)
    assert [p.where for p in problems] == [f"{FILE}: service 1 (mx-plan): {key}" for key in keys]
    assert {("did you mean" in p.message, "write " in p.message) for p in problems[:2]} == {
        (True, False),
        (False, True),
    }


def test_misspelt_offer_of_a_wrong_type_is_not_called_missing() -> None:
    assert [p.where for p in _problems(f"[[service]]\nofer = 5\n{DOMAIN}")] == [
        f"{FILE}: service 1: ofer"
    ] * 2


def test_wrong_item_hides_no_other_and_changes_no_number() -> None:
    text = f'{MX_PLAN}domains = ["a.example", 5, "bad domain", "b.example", "A.example"]\n'
    assert [problem.where for problem in _problems(text)] == [
        f"{FILE}: service 1 (mx-plan): domains.2",
        f"{FILE}: service 1 (mx-plan): domains 3",
        f"{FILE}: service 1 (mx-plan): domains 5",
    ]


def test_tables_of_a_misspelt_name_are_read_too() -> None:
    text = GOOD + f'[[services]]\noffer = "mx-plam"\n{DOMAIN}'
    assert [problem.where for problem in _problems(text)] == [
        f"{FILE}: services",
        f"{FILE}: services 1 (mx-plam): offer",
        f"{FILE}: services 1 (mx-plam): domains 1",
    ]


def test_key_of_a_service_above_the_first_is_not_taken_for_tables() -> None:
    places = [problem.where for problem in _problems(f'server = "pro1"\n{GOOD}')]
    assert places == [f"{FILE}: server"]


@pytest.mark.parametrize(
    ("server", "places"),
    [("ssl0.ovh.net", ["region", "server"]), ("ex4", ["region"]), ("ex.mail.ovh.ca", ["region"])],
)
def test_server_is_checked_beside_a_wrong_region(server: str, places: list[str]) -> None:
    problems = _problems(_service("exchange-hosted", 'region = "us"', f'server = "{server}"'))
    where = f"{FILE}: service 1 (exchange-hosted)"
    assert [problem.where for problem in problems] == [f"{where}: {key}" for key in places]


OFFERS_OF_NO_USE = {
    "no text": ("5", {}),
    "no file": ('"own.toml"', {}),
    "no TOML": ('"own.toml"', {"own.toml": "a = \n"}),
    "a mistake": ('"own.toml"', {"own.toml": OWN_OFFERS.replace("= 7", '= "7"')}),
}


@pytest.mark.parametrize(("name", "files"), OFFERS_OF_NO_USE.values(), ids=OFFERS_OF_NO_USE)
def test_broken_offers_file_is_reported_once_and_the_packaged_offers_are_checked(
    name: str, files: dict[str, str]
) -> None:
    text = f"offers_file = {name}\n" + _service("acme-mail") + _service("mx-plan", 'region = "us"')
    problems = _problems(text.replace("example.com", "a.example", 1), files)
    assert "own.toml" in problems[0].where or "offers_file" in problems[0].where
    assert [p.where for p in problems[1:]] == [f"{FILE}: service 2 (mx-plan): region"]


def test_offer_that_a_broken_offers_file_describes_anew_is_not_judged_by_the_packaged_one() -> None:
    offers = OWN_OFFERS.replace('"acme-mail"', '"mx-plan"').replace("= 7", '= "7"')
    text = 'offers_file = "own.toml"\n' + _service("mx-plan", 'region = "mars"')
    (problem,) = _problems(text, {"own.toml": offers})
    assert problem.where == "own.toml: offer.1.quota.gigabytes"


def test_lines_end_where_editors_end_them() -> None:
    content = "a.example\u2028# b\nc.example\x0b# d\ne.example\x0c# f\nbad\r\nworse\r\n"
    problems = _problems(IN_FILE, {"customers.txt": content})
    assert [problem.where for problem in problems][-2:] == [
        "customers.txt: line 4",
        "customers.txt: line 5",
    ]


def test_name_claimed_by_many_is_reported_with_the_first_place_each_time() -> None:
    text = IN_FILE + DOMAIN + EMAIL_PRO + 'domains = ["b.example", "example.com", "c.example"]\n'
    problems = _problems(text, {"customers.txt": "b.example\nexample.com\n"})
    assert [(problem.where, problem.message.partition(" by ")[2]) for problem in problems] == [
        ("customers.txt: line 2", f"{FILE}: service 1 (mx-plan): domains 1"),
        (f"{FILE}: service 2 (email-pro): domains 1", "customers.txt: line 1"),
        (f"{FILE}: service 2 (email-pro): domains 2", f"{FILE}: service 1 (mx-plan): domains 1"),
    ]


def test_several_mistakes_are_reported_in_one_go() -> None:
    assert sorted(problem.where for problem in _problems(SEVERAL)) == sorted(PLACES)


def test_mistakes_are_reported_in_the_order_of_the_file() -> None:
    assert [problem.where for problem in _problems(SEVERAL)] == PLACES


def test_mistakes_of_services_are_reported_in_the_order_of_the_file() -> None:
    text = SEVERAL[SEVERAL.index("[[service]]") :]
    assert [problem.where for problem in _problems(text)] == PLACES[3:]


def test_names_of_a_service_are_judged_list_by_list() -> None:
    text = f'{MX_PLAN}domains_file = "."\ndomains = ["bad_"]\naddresses = ["bad"]\n'
    places = [problem.where.partition("): ")[2] for problem in _problems(text)]
    assert places == ["domains 1", "addresses 1", "domains_file: ."]


def test_command_says_one_line_for_each_mistake() -> None:
    _write({FILE: SEVERAL})
    lines = _validate().stderr.splitlines()
    assert sorted(line.count("error: ") for line in lines) == [1] * len(PLACES)


def test_broken_offers_file_does_not_hide_the_mistakes_of_the_configuration() -> None:
    text = f'offers_file = "own.toml"\ncolour = "red"\n{MX_PLAN}domains = ["localhost"]\n'
    places = [problem.where for problem in _problems(text, {"own.toml": ""})]
    assert f"{FILE}: colour" in places
    assert f"{FILE}: service 1 (mx-plan): domains 1" in places


def test_warnings_do_not_stand_among_the_mistakes() -> None:
    problems = _problems(UNSEEN + 'addresses = ["boss"]\n')
    assert [problem.where for problem in problems] == [
        f"{FILE}: service 1 (email-pro): addresses 1"
    ]


def test_domain_of_a_service_that_is_wrong_itself_is_claimed_all_the_same() -> None:
    problems = _problems(_service("email-por") + GOOD)
    assert [problem.where for problem in problems] == [
        f"{FILE}: service 1 (email-por): offer",
        f"{FILE}: service 2 (mx-plan): domains 1",
    ]


# ------------------------------------------------------------------------------- control characters

RAW = {
    "escape": "\\u001b[31m",
    "newline": "\\nerror: forged",
    "zero byte": "\\u0000",
    "C1 control": "\\u009b31m",
    "direction": "\\u202e",
}
PLACES_FOR_TEXT = {
    "top-key": '"x%s" = 1\n' + GOOD,
    "base_url": 'base_url = "https://%s"\n' + GOOD,
    "trusted_proxies": 'trusted_proxies = ["%s"]\n' + GOOD,
    "offers_file": 'offers_file = "x%s.toml"\n' + GOOD,
    "resolvers": 'resolvers = ["%s"]\n' + GOOD,
    "offer": _service("x%s"),
    "key-of-a-service": _service("mx-plan", '"x%s" = 1'),
    "region": _service("mx-plan", 'region = "x%s"'),
    "server": _service("email-pro", 'server = "x%s"'),
    "domains": MX_PLAN + 'domains = ["x%s.example"]\n',
    "domains_file": MX_PLAN + 'domains_file = "x%s.txt"\n',
    "addresses": MX_PLAN + 'addresses = ["x%s@example.com"]\n',
    "table-for-a-domain": MX_PLAN + 'domains = [{"x%s" = 1}]\n',
}


@pytest.mark.parametrize("raw", RAW.values(), ids=list(RAW))
@pytest.mark.parametrize("text", PLACES_FOR_TEXT.values(), ids=list(PLACES_FOR_TEXT))
def test_control_characters_never_reach_the_terminal_raw(text: str, raw: str) -> None:
    _write({FILE: text % raw})
    result = _validate("--config", FILE, color=True)  # as on a terminal: nothing is filtered
    assert result.exit_code == 2
    (line,) = result.stderr.removesuffix("\n").split("\n")
    assert line.isprintable()


def test_control_characters_of_a_domains_file_never_reach_the_terminal_raw() -> None:
    _write({FILE: IN_FILE, "customers.txt": "\x1b[31mred.example\n"})
    result = _validate("--config", FILE, color=True)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: customers.txt: line 1: found ")
    assert result.stderr.strip().isprintable()


def test_control_characters_in_a_base_url_are_refused() -> None:
    (problem,) = _problems(f'base_url = "https://autoconfig.example/\\u001b[31m"\n{GOOD}')
    assert problem.where == f"{FILE}: base_url"
