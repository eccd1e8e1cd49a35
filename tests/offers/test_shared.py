"""What several offers have, written once and used by name: `{ like = "NAME", source = [...] }`."""

import tomllib
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from autoconfig.offers.catalogue import PACKAGED, load_catalogue
from autoconfig.offers.model import Offer, Region, SharedEntries
from autoconfig.problems import ConfigurationError
from tests.support.own_offers import AUTODISCOVER, OWN_OFFERS

ENTRIES = """
[shared.servers]
box = [
  { protocol = "imap", host = "{server}", port = 993, socket = "SSL" },
  { protocol = "pop3", host = "{server}", port = 995, socket = "SSL" },
]

[shared.dns.zone]
spf = "v=spf1 mx ~all"

[shared.autodiscover.own]
xml = "https://{server}/a.xml"
svc = "https://{server}/a.svc"
json = "https://{server}/a.json"
"""
IMAP_ROW = OWN_OFFERS[
    OWN_OFFERS.index('  { protocol = "imap"') : OWN_OFFERS.index('  { protocol = "s')
]
USING = OWN_OFFERS.replace(IMAP_ROW, '  { like = "box", source = ["guide"] },\n').replace(
    'dns = { source = ["guide"] }', 'dns = { like = "zone", source = ["guide"] }'
)
"""The file of one offer, in which one item of `servers` stands for two rows."""

OWN_AUTODISCOVER = '\n[offer.region.eu.autodiscover]\nlike = "own"\nsource = ["guide"]\n'
EXCHANGE = USING.replace('"imap"\n', '"exchange"\n') + OWN_AUTODISCOVER


def _region(folder: Path, text: str) -> Region:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return load_catalogue(folder / "own.toml").offers["acme-mail"].region["eu"]


def _problems(folder: Path, text: str) -> list[tuple[str, str]]:
    """Each place, without the name of the file, and what is said of it."""
    (folder / "own.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(folder / "own.toml")
    return [
        (each.where.removeprefix(f"{folder / 'own.toml'}: "), each.message)
        for each in caught.value.problems
    ]


def _places(folder: Path, text: str) -> list[str]:
    return [place for place, _ in _problems(folder, text)]


# ------------------------------------------------------------------------------- what it stands for


def test_item_of_an_array_stands_for_the_rows_of_the_entry(tmp_path: Path) -> None:
    servers = _region(tmp_path, USING + ENTRIES).servers
    assert [server.protocol for server in servers] == ["imap", "pop3", "smtp"]


def test_table_has_the_keys_of_the_entry_and_its_own(tmp_path: Path) -> None:
    text = USING.replace('like = "zone",', 'like = "zone", dkim_selectors = ["s1"],') + ENTRIES
    dns = _region(tmp_path, text).dns
    assert (dns.spf, dns.dkim_selectors, dns.source) == ("v=spf1 mx ~all", ("s1",), ("guide",))


def test_table_of_its_own_may_use_an_entry_too(tmp_path: Path) -> None:
    used = _region(tmp_path, EXCHANGE + ENTRIES)
    text = EXCHANGE.replace(OWN_AUTODISCOVER, AUTODISCOVER) + ENTRIES
    assert used.autodiscover == _region(tmp_path, text).autodiscover is not None


def test_key_of_the_use_stands_above_that_of_the_entry(tmp_path: Path) -> None:
    text = USING.replace('like = "zone",', 'like = "zone", spf = "v=spf1 ~all",') + ENTRIES
    assert _region(tmp_path, text).dns.spf == "v=spf1 ~all"


def test_each_row_has_the_sources_of_the_use(tmp_path: Path) -> None:
    second = '\n[source.second]\ntitle = "B"\nwhere = "https://b.example"\nverified = 2026-01-31\n'
    text = USING.replace('like = "box", source = ["guide"]', 'like = "box", source = ["second"]')
    sources = [server.source for server in _region(tmp_path, text + second + ENTRIES).servers]
    assert sources == [("second",), ("second",), ("guide",)]


def test_own_file_may_use_a_packaged_entry(tmp_path: Path) -> None:
    packaged = tomllib.loads(PACKAGED.read_text(encoding="utf-8"))["shared"]
    name, rows = next(iter(packaged["servers"].items()))
    text = USING.replace('like = "box"', f'like = "{name}"') + ENTRIES
    servers = msgspec.to_builtins(_region(tmp_path, text).servers)
    assert [*servers][: len(rows)] == [{**row, "source": ("guide",)} for row in rows]


def test_own_entry_stands_above_a_packaged_one_of_its_name_in_its_file_alone(
    tmp_path: Path,
) -> None:
    before = load_catalogue().offers
    packaged = tomllib.loads(PACKAGED.read_text(encoding="utf-8"))["shared"]
    for name in packaged["servers"]:
        text = (USING + ENTRIES).replace('"box"', f'"{name}"').replace("\nbox =", f"\n{name} =")
        (tmp_path / "own.toml").write_text(text, encoding="utf-8")
        offers = load_catalogue(tmp_path / "own.toml").offers
        protocols = [server.protocol for server in offers["acme-mail"].region["eu"].servers]
        assert protocols == ["imap", "pop3", "smtp"]
        assert {name: offers[name] for name in before} == before


# ----------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        pytest.param(
            'like = "box"',
            'like = "bax"',
            "offer.1.region.eu.servers.1.like",
            'found "bax": did you mean "box"? The entries of [shared.servers] are ',
            id="item",
        ),
        pytest.param(
            'like = "zone"',
            'like = "nothing of the kind"',
            "offer.1.region.eu.dns.like",
            'found "nothing of the kind": The entries of [shared.dns] are ',
            id="table",
        ),
        pytest.param(
            'like = "zone"',
            "like = 5",
            "offer.1.region.eu.dns.like",
            "found 5: The entries of [shared.dns] are ",
            id="no text",
        ),
        pytest.param(
            "gigabytes = 7",
            'like = "big"',
            "offer.1.quota.like",
            "nothing is shared as quota; known keys of [shared]: servers, dns, ",
            id="key without entries",
        ),
    ],
)
def test_unknown_name_is_one_problem_that_says_which_are_known(
    tmp_path: Path, old: str, new: str, place: str, message: str
) -> None:
    assert old in USING
    ((where, said),) = _problems(tmp_path, USING.replace(old, new) + ENTRIES)
    assert where == place
    assert said.startswith(message)


def test_names_that_are_known_are_the_own_and_the_packaged(tmp_path: Path) -> None:
    packaged = tomllib.loads(PACKAGED.read_text(encoding="utf-8"))["shared"]
    ((_, said),) = _problems(tmp_path, USING.replace('"box"', '"other"') + ENTRIES)
    assert [name for name in (*packaged["servers"], "box") if f'"{name}"' not in said] == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("port = 995", "port = 0", "shared.servers.box.2.port"),
        (', port = 995, socket = "SSL" }', ', socket = "SSL" }', "shared.servers.box.2.port"),
        ('socket = "SSL" }', 'socket = "SSL", source = ["guide"] }', "shared.servers.box.1.source"),
        ('"v=spf1 mx ~all"', "1", "shared.dns.zone.spf"),
        ('"https://{server}/a.svc"', '"http://a"', "shared.autodiscover.own.svc"),
        ("[shared.dns.zone]", "[shared.dsn.zone]", "shared.dsn"),
    ],
    ids=["value", "missing key", "source", "text", "address", "key"],
)
def test_mistake_in_an_entry_is_reported_there_and_at_no_use(
    tmp_path: Path, old: str, new: str, place: str
) -> None:
    assert old in ENTRIES
    again = EXCHANGE[EXCHANGE.index("\n[[offer]]") :].replace('"acme', '"again')
    text = EXCHANGE + again + ENTRIES.replace(old, new, 1)
    assert _places(tmp_path, text) == [place]


def test_source_of_an_entry_is_said_to_belong_to_its_use(tmp_path: Path) -> None:
    entries = ENTRIES.replace('"SSL" }', '"SSL", source = ["guide"] }', 1)
    assert _problems(tmp_path, USING + entries) == [
        (
            "shared.servers.box.1.source",
            "there is no such key; did you mean source, beside `like`, where the entry is used?",
        )
    ]


def test_mistake_below_a_use_is_reported_once_where_the_use_stands(tmp_path: Path) -> None:
    text = USING.replace('like = "box", source = ["guide"]', 'like = "box", sorce = ["guide"]')
    assert _places(tmp_path, text + ENTRIES) == [
        "offer.1.region.eu.servers.1.sorce",
    ]


def test_source_that_is_missing_at_a_use_is_missed_once(tmp_path: Path) -> None:
    text = USING.replace('like = "box", source = ["guide"]', 'like = "box"')
    assert _problems(tmp_path, text + ENTRIES)[0][0] == "offer.1.region.eu.servers.1.source"
    assert len(_problems(tmp_path, text + ENTRIES)) == 1


def test_unknown_source_of_a_use_is_reported_once(tmp_path: Path) -> None:
    text = USING.replace('like = "box", source = ["guide"]', 'like = "box", source = ["gide"]')
    assert _places(tmp_path, text + ENTRIES) == ["offer.1.region.eu.servers.1.source"]


def test_mistake_after_a_use_is_reported_at_its_place_in_the_file(tmp_path: Path) -> None:
    text = USING.replace("port = 587", "port = 0") + ENTRIES
    assert _places(tmp_path, text) == ["offer.1.region.eu.servers.2.port"]


def test_contradiction_after_a_use_is_reported_at_its_place_in_the_file(tmp_path: Path) -> None:
    last = 'socket = "STARTTLS", source = ["guide"]'
    text = USING.replace(last, last.replace("guide", "gide")) + ENTRIES
    assert _places(tmp_path, text) == ["offer.1.region.eu.servers.2.source"]


def test_own_host_in_an_entry_is_refused_where_hosts_are_shared(tmp_path: Path) -> None:
    rule = USING[USING.index("kind =") : USING.rindex("source =")]
    text = USING.replace(rule, 'kind = "shared"\n').replace(
        '"{server}", port = 587', '"a.example", port = 587'
    )
    ((place, said),) = _problems(tmp_path, text + ENTRIES)
    assert place == "offer.1.region.eu.servers.1.host"
    assert "{server}" in said


@pytest.mark.parametrize(
    ("old", "new", "place", "wanted"),
    [
        pytest.param(
            "servers = [",
            'servers = { like = "box", source = ["guide"] }\nunused = [',
            "offer.1.region.eu.servers",
            "write an array, such as [{ … }]",
            id="rows outside an array",
        ),
        pytest.param(
            'dns = { like = "zone", source = ["guide"] }',
            'dns = [{ like = "zone", source = ["guide"] }]',
            "offer.1.region.eu.dns",
            "write a table",
            id="table in an array",
        ),
    ],
)
def test_entry_of_another_shape_is_refused(
    tmp_path: Path, old: str, new: str, place: str, wanted: str
) -> None:
    assert old in USING
    problems = dict(_problems(tmp_path, USING.replace(old, new) + ENTRIES))
    assert problems[place].startswith("found ")
    assert problems[place].endswith(wanted)


def test_shared_is_a_table_of_tables(tmp_path: Path) -> None:
    text = OWN_OFFERS.replace("schema_version = 1", "schema_version = 1\nshared = 5")
    assert _problems(tmp_path, text) == [("shared", "found 5: write a table")]


@pytest.mark.parametrize("offers", ["5", "[5]", '[{ like = "box" }]'])
def test_offers_of_a_wrong_shape_are_no_fault_of_ours(tmp_path: Path, offers: str) -> None:
    text = f"offer = {offers}\n" + OWN_OFFERS[: OWN_OFFERS.index("[[offer]]")]
    assert _places(tmp_path, text)[0].startswith("offer")


# ---------------------------------------------------------------------------------------- the types


@pytest.mark.parametrize("key", SharedEntries.__struct_fields__)
def test_entry_has_all_keys_of_the_table_that_it_stands_for_but_the_source(key: str) -> None:
    """The types of an entry and of its use are written apart; so they are compared."""
    (entry,) = _structs(get_type_hints(SharedEntries, include_extras=True)[key])
    owner = Offer if key == "documentation" else Region
    (used,) = _structs(get_type_hints(owner, include_extras=True)[key])
    expected = get_type_hints(used, include_extras=True)
    assert expected.pop("source")
    assert get_type_hints(entry, include_extras=True) == expected


def _structs(to: Any) -> list[type[msgspec.Struct]]:
    """The types of tables that a type is made of."""
    if isinstance(to, type) and issubclass(to, msgspec.Struct):
        return [to]
    return [each for argument in get_args(to) for each in _structs(argument)]
