"""`protocols` in a `[[service]]`: the others are in no answer, in no form."""

import re
from pathlib import Path

import pytest

from autoconfig.config.load import load_config
from autoconfig.config.served import Served
from autoconfig.documents.document import Document
from autoconfig.export.files import TARGETS
from autoconfig.names import EmailAddress, parse_domain
from autoconfig.offers.model import Server, Service
from autoconfig.problems import ConfigurationError
from tests.support.exports import run, tree
from tests.support.own_offers import OWN_OFFERS
from tests.support.services import CATALOGUE, RENDERINGS, server_for

ADDRESS = EmailAddress.parse("alice@example.com")
CHOICES = [
    ["imap", "pop3", "smtp"],
    ["imap", "smtp"],
    ["smtp", "pop3"],
]
"""Every choice, and the order in which somebody may write it."""

every_offer = pytest.mark.parametrize("offer", CATALOGUE.offers)
every_choice = pytest.mark.parametrize("protocols", CHOICES, ids=" ".join)
every_target = pytest.mark.parametrize("target", TARGETS)


def _table(offer: str, domain: str, protocols: object = None) -> str:
    host = server_for(offer)
    keys = {"offer": offer, "server": host, "domains": [domain], "protocols": protocols}
    lines = (f"{key} = {value!r}\n" for key, value in keys.items() if value is not None)
    return "[[service]]\n" + "".join(lines)


def _served(folder: Path, *tables: str) -> Served:
    (folder / "autoconfig.toml").write_text("".join(tables), encoding="utf-8")
    return load_config(folder / "autoconfig.toml").served


def _services(folder: Path, *tables: str) -> list[Service]:
    """The services of the domains, in the order of the file."""
    return [*_served(folder, *tables).domains.values()]


def _problems(folder: Path, *tables: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        _served(folder, *tables)
    return [str(each).partition("autoconfig.toml: service 1 ")[2] for each in caught.value.problems]


# ------------------------------------------------------------------------------------ what is left


@every_offer
@every_choice
def test_servers_of_the_other_protocols_are_left_out(
    offer: str, protocols: list[str], tmp_path: Path
) -> None:
    full, service = _services(
        tmp_path, _table(offer, "full.example"), _table(offer, "example.com", protocols)
    )
    assert service.servers == tuple(each for each in full.servers if each.protocol in protocols)
    assert {each.protocol for each in service.servers} == {*protocols}


@every_offer
def test_services_that_are_no_mail_protocols_stay(offer: str, tmp_path: Path) -> None:
    full, service = _services(
        tmp_path,
        _table(offer, "full.example"),
        _table(offer, "example.com", ["imap", "smtp"]),
    )
    for field in set(Service.__struct_fields__) - {"servers"}:
        assert getattr(service, field) == getattr(full, field)
    assert set(RENDERINGS.of(service)) == set(RENDERINGS.of(full))


@every_offer
@every_choice
def test_protocol_that_is_left_out_is_in_no_document_and_the_others_stay(
    offer: str, protocols: list[str], tmp_path: Path
) -> None:
    full, service = _services(
        tmp_path, _table(offer, "full.example"), _table(offer, "example.com", protocols)
    )
    whole = RENDERINGS.of(full)
    for name, document in RENDERINGS.of(service).items():
        for server in full.servers:
            if server.protocol not in protocols:
                assert not _names(document, server), (name, server)
            elif _names(whole[name], server):
                assert _names(document, server), (name, server)


def _names(document: Document, server: Server) -> bool:
    """Whether it has the port of the server, which no other server of the offer has."""
    text = document.fill(ADDRESS.domain, ADDRESS).decode()
    return re.search(rf"\b{server.port}\b", text) is not None


@every_offer
@every_choice
def test_page_sends_nobody_to_a_protocol_that_is_left_out(
    offer: str, protocols: list[str], tmp_path: Path
) -> None:
    (service,) = _services(tmp_path, _table(offer, "example.com", protocols))
    for document in RENDERINGS.of(service).values():
        if document.format.kind.name == "HTML":
            named = {each for each in ("imap", "pop3") if each.upper() in document.text}
            assert named == {*protocols} - {"smtp"}


@every_target
def test_protocol_that_is_left_out_is_in_no_exported_file(target: str, tmp_path: Path) -> None:
    table = _table("mx-plan", "example.com", ["imap", "smtp"])
    (full,) = _services(tmp_path, _table("mx-plan", "example.com"))
    _served(tmp_path, table)
    config = ("--config", str(tmp_path / "autoconfig.toml"))
    assert run(str(tmp_path / "tree"), "--for", target, *config).exit_code == 0
    written = b"".join(tree(tmp_path / "tree").values())
    for server in full.servers:
        assert (server.host.encode() in written) == (server.protocol != "pop3")


def test_address_may_have_other_protocols_than_its_domain(tmp_path: Path) -> None:
    served = _served(
        tmp_path,
        _table("mx-plan", "example.com", ["imap", "smtp"]),
        '[[service]]\noffer = "mx-plan"\naddresses = ["alice@example.com"]\n',
    )
    assert (ADDRESS.domain, ADDRESS.mailbox) == (parse_domain("example.com"), str(ADDRESS))
    found = [served.find(name) for name in (ADDRESS.domain, ADDRESS)]
    assert [bool(each and each.of("pop3")) for each in found] == [False, True]


# --------------------------------------------------------------------------------- who shares what


SOME, ALL = ["imap", "smtp"], ["imap", "pop3", "smtp"]


@pytest.mark.parametrize(
    ("first", "second"),
    [(SOME, SOME), (SOME, SOME[::-1]), (ALL, None)],
    ids=["alike", "in another order", "all and none"],
)
def test_tables_that_leave_the_same_share_a_service(
    first: object, second: object, tmp_path: Path
) -> None:
    tables = (_table("mx-plan", "a.example", first), _table("mx-plan", "b.example", second))
    one, other = _services(tmp_path, *tables)
    assert one is other


@pytest.mark.parametrize("other", [None, ["pop3", "smtp"]], ids=["all", "others"])
def test_tables_that_leave_different_protocols_share_none(other: object, tmp_path: Path) -> None:
    tables = (_table("mx-plan", "a.example", SOME), _table("mx-plan", "b.example", other))
    assert len({*_services(tmp_path, *tables)}) == 2


# ---------------------------------------------------------------------------------------- mistakes

WRONG_VALUE = 'write "imap" or "pop3" or "smtp"'
NO_ARRAY = 'write an array, such as ["imap", "smtp"]'
NOT_WITHOUT = "clients refuse a document without"
MISTAKES = {
    '["IMAP", "smtp"]': [f'protocols.1: found "IMAP": {WRONG_VALUE}'],
    '["imap", "smpt"]': [f'protocols.2: found "smpt": {WRONG_VALUE}'],
    '["imap", "jmap", "smtp"]': [f'protocols.2: found "jmap": {WRONG_VALUE}'],
    '["imap", 5, ["smtp"]]': [
        f"protocols.2: found 5: {WRONG_VALUE}",
        f'protocols.3: found ["smtp"]: {WRONG_VALUE}',
    ],
    "[]": [f"protocols: found []: {NO_ARRAY}"],
    '"imap"': [f'protocols: found "imap": {NO_ARRAY}'],
    "true": [f"protocols: found true: {NO_ARRAY}"],
    "{ imap = true }": [f"protocols: found {{ imap = true }}: {NO_ARRAY}"],
    '["imap", "imap", "smtp"]': ['protocols: found "imap" twice: write it once'],
    '["imap", "smtp", "imap", "smtp"]': [
        'protocols: found "imap" twice: write it once',
        'protocols: found "smtp" twice: write it once',
    ],
    '["imap", "pop3"]': [f'protocols: found ["imap", "pop3"]: add "smtp"; {NOT_WITHOUT}'],
    '["smtp"]': [f'protocols: found ["smtp"]: add "imap" or "pop3"; {NOT_WITHOUT}'],
    '["smtp", "smtp"]': [
        'protocols: found "smtp" twice: write it once',
        f'protocols: found ["smtp", "smtp"]: add "imap" or "pop3"; {NOT_WITHOUT}',
    ],
    '["imap", "imap", "smpt"]': [
        f'protocols.3: found "smpt": {WRONG_VALUE}',
        'protocols: found "imap" twice: write it once',
    ],
}
every_mistake = pytest.mark.parametrize(("written", "said"), MISTAKES.items(), ids=list(MISTAKES))


@every_mistake
def test_mistake_is_reported_with_what_to_write(
    written: str, said: list[str], tmp_path: Path
) -> None:
    table = f'[[service]]\noffer = "mx-plan"\nprotocols = {written}\ndomains = ["a.example"]\n'
    assert _problems(tmp_path, table) == [f"(mx-plan): {each}" for each in said]


@every_mistake
def test_mistake_is_reported_beside_one_in_the_offer(
    written: str, said: list[str], tmp_path: Path
) -> None:
    table = f'[[service]]\noffer = "gmail"\nprotocols = {written}\ndomains = ["a.example"]\n'
    found = _problems(tmp_path, table)
    assert [each for each in found if ": protocols" in each] == [
        f"(gmail): {each}" for each in said
    ]
    assert [each for each in found if "(gmail): offer: found" in each]


def test_misspelt_key_is_named(tmp_path: Path) -> None:
    table = _table("mx-plan", "a.example", ["imap", "smtp"]).replace("protocols", "protocol")
    said = '(mx-plan): protocol: there is no such key; did you mean "protocols"?'
    assert _problems(tmp_path, table) == [said]


def test_incoming_protocol_that_the_offer_does_not_have_is_not_enough(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN_OFFERS, encoding="utf-8")
    table = 'offer = "acme"\nserver = "box1"\nprotocols = ["pop3", "smtp"]\ndomains = ["a.example"]'
    said = f'found ["pop3", "smtp"]: add "imap"; {NOT_WITHOUT}'
    assert _problems(tmp_path, 'offers_file = "own.toml"\n[[service]]\n', table) == [
        f"(acme): protocols: {said}"
    ]
