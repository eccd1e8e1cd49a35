"""An import into a configuration: where names go, in which style, and what never changes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoconfig.account.choice import Choice, Doubt, Reason, Sold, Unsure
from autoconfig.account.merge import Difference, Merged, merge
from autoconfig.config.load import Config, load_config
from autoconfig.config.services import ServiceTable
from autoconfig.names import Domain, EmailAddress
from autoconfig.problems import ConfigurationError
from autoconfig.typed_toml import parse_toml
from tests.support.mail_account import EXCHANGE, PRO
from tests.support.services import CATALOGUE

FILE = Path("autoconfig.toml")


@pytest.fixture(scope="module", autouse=True)
def offers_read_once() -> Iterator[None]:
    """The offers are read for each configuration, which takes longer than all else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autoconfig.config.load.load_catalogue", lambda: CATALOGUE)
        yield


def loaded(text: str, path: Path = FILE) -> Config:
    """The configuration of a text."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return load_config(path, plain, needs_service=False)


def merged(
    text: str, *services: ServiceTable, unsure: Sequence[Unsure] = (), path: Path = FILE
) -> Merged:
    """The merge of an account into a text that is a right configuration."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    tables = parse_toml(plain, path).get("service", [])
    return merge(text, tables, loaded(text, path), Choice("eu", services, tuple(unsure)), "en")


def mx_plan(*domains: str, addresses: tuple[str, ...] = ()) -> ServiceTable:
    return ServiceTable("mx-plan", domains=domains, addresses=addresses)


def email_pro(*domains: str, addresses: tuple[str, ...] = ()) -> ServiceTable:
    return ServiceTable("email-pro", "eu", PRO, domains=domains, addresses=addresses)


HEAD = '[[service]]\noffer = "mx-plan"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('["a.fr"]', '["a.fr", "x.fr", "y.fr"]', id="one-line"),
        pytest.param('["a.fr",]', '["a.fr", "x.fr", "y.fr",]', id="comma-at-the-end"),
        pytest.param("['a.fr']", "['a.fr', 'x.fr', 'y.fr']", id="single-quotes"),
        pytest.param('[ "a.fr" ] # c', '[ "a.fr", "x.fr", "y.fr" ] # c', id="spaces"),
        pytest.param(
            '[\n  "a.fr",\n]', '[\n  "a.fr",\n  "x.fr",\n  "y.fr",\n]', id="a-line-for-each"
        ),
        pytest.param(
            '[\n\t"a.fr"\n]', '[\n\t"a.fr",\n\t"x.fr",\n\t"y.fr"\n]', id="tabs-and-no-last-comma"
        ),
        pytest.param(
            '[\n  "a.fr"  # [ours],\n  # the end\n]',
            '[\n  "a.fr",  # [ours],\n  "x.fr",\n  "y.fr"\n  # the end\n]',
            id="comments",
        ),
        pytest.param(
            '["a.fr",\n]', '["a.fr",\n  "x.fr",\n  "y.fr",\n]', id="bracket-on-its-own-line"
        ),
        pytest.param(
            '["a.fr",\n "b.fr"]', '["a.fr",\n "b.fr", "x.fr", "y.fr"]', id="bracket-after-the-last"
        ),
        pytest.param(
            '[\n  "a.fr"\n  ,\n]', '[\n  "a.fr"\n  ,\n  "x.fr",\n  "y.fr",\n]', id="comma-below"
        ),
        pytest.param(
            f'["{"a" * 60}.fr", "{"b" * 20}.fr"]',
            f'["{"a" * 60}.fr", "{"b" * 20}.fr",\n  "x.fr",\n  "y.fr"]',
            id="line-that-is-full",
        ),
        pytest.param('["""a.fr"""]', '["""a.fr""", "x.fr", "y.fr"]', id="long-quotes"),
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_new_domains_follow_the_last_in_its_style(before: str, after: str, line_break: str) -> None:
    texts = (f"{HEAD}domains = {each}\n# end\n" for each in (before, after))
    old, new = (each.replace("\n", line_break) for each in texts)
    assert merged(old, mx_plan("x.fr", "y.fr")).text == new


@pytest.mark.parametrize(
    ("written", "after"),
    [
        pytest.param("domains = []", 'domains = ["x.fr", "y.fr"]', id="empty"),
        pytest.param(
            "domains = [\n  # none\n]",
            'domains = [\n  # none\n  "x.fr",\n  "y.fr",\n]',
            id="empty-with-a-comment",
        ),
        pytest.param(
            "# only boxes", '\ndomains = ["x.fr", "y.fr"]\n# only boxes'.strip("\n"), id="absent"
        ),
    ],
)
def test_service_without_domains_gets_them(written: str, after: str) -> None:
    boxes = 'addresses = ["a@b.fr"]'
    expected = f"{HEAD}{boxes}\n{after}\n"
    assert merged(f"{HEAD}{boxes}\n{written}\n", mx_plan("x.fr", "y.fr")).text == expected


def test_addresses_follow_addresses_or_the_last_key() -> None:
    text = f'{HEAD}domains = ["a.fr"]  # ours\n\n# next\n'
    new = merged(text, mx_plan(addresses=("a@x.fr", "b@x.fr"))).text
    assert new == text.replace("# ours\n", '# ours\naddresses = ["a@x.fr", "b@x.fr"]\n')
    assert merged(new, mx_plan(addresses=("c@x.fr",))).text == new.replace(
        '"b@x.fr"]', '"b@x.fr", "c@x.fr"]'
    )


def test_indentation_of_a_table_is_kept() -> None:
    text = '[[service]]\n  offer = "mx-plan"\n  addresses = ["a@b.fr"]'
    assert merged(text, mx_plan("x.fr")).text == f'{text}\n  domains = ["x.fr"]'


def test_address_with_a_single_quote_is_written_in_double_ones() -> None:
    text = f"{HEAD}addresses = ['a@b.fr']\n"
    new = merged(text, mx_plan(addresses=("o'neill@b.fr",))).text
    assert new == f"{HEAD}addresses = ['a@b.fr', \"o'neill@b.fr\"]\n"


@pytest.mark.parametrize(
    "service",
    [
        f'offer = "pro"\nserver = "https://{PRO.upper()}/owa"',
        'offer = "Email Pro"\nserver = "pro1"',
        f'region = "EU"\nserver = "{PRO}."\noffer = "email-pro"',
    ],
    ids=["alias-and-address", "name-and-label", "capitals-and-dot"],
)
def test_service_is_found_however_it_is_written(service: str) -> None:
    text = f'[[service]]\n{service}\ndomains = ["a.fr"]\n'
    assert merged(text, email_pro("x.fr")).text == text.replace('"a.fr"', '"a.fr", "x.fr"')


def test_named_host_of_shared_servers_makes_no_other_service() -> None:
    text = f'{HEAD}server = "ssl0.ovh.net"\ndomains = ["a.fr"]\n'
    new = merged(text, mx_plan("a.fr", "x.fr"))
    assert (new.text, new.differences) == (text.replace('"a.fr"', '"a.fr", "x.fr"'), [])


def test_new_domains_join_the_table_that_has_domains_and_all_protocols() -> None:
    tables = (
        f'{HEAD}protocols = ["imap", "smtp"]\ndomains = ["a.fr"]\n',
        f'{HEAD}addresses = ["a@b.fr"]\n',
        f'{HEAD}domains = ["c.fr"]\n',
    )
    text = "\n".join(tables)
    assert merged(text, mx_plan("x.fr")).text == text.replace('"c.fr"', '"c.fr", "x.fr"')


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"], ids=["no-line-break", "one", "two"])
def test_new_service_comes_at_the_end(end: str, line_break: str) -> None:
    text = f'{HEAD}domains = ["a.fr"]{end}'.replace("\n", line_break)
    table = f'[[service]]\noffer = "email-pro"\nserver = "{PRO}"\ndomains = ["x.fr"]\n'
    wanted = f'{HEAD}domains = ["a.fr"]\n\n{table}'.replace("\n", line_break)
    assert merged(text, email_pro("x.fr")).text == wanted


def test_tables_in_one_array_get_another_one() -> None:
    table = '{ offer = "mx-plan", domains = ["a.fr"] }'
    text = f"service = [\n  {table},\n]\n"
    new = merged(text, mx_plan("x.fr"), email_pro("y.fr")).text
    wide = table.replace('"a.fr"', '"a.fr", "x.fr"')
    pro = f'{{ offer = "email-pro", server = "{PRO}", domains = ["y.fr"] }}'
    assert new == f"service = [\n  {wide},\n  {pro},\n]\n"
    more = merged(new, mx_plan(addresses=("a@b.fr",))).text
    assert more == new.replace('"x.fr"]', '"x.fr"], addresses = ["a@b.fr"]')


def test_empty_array_of_tables_gets_one() -> None:
    text = "detect = true\nservice = []\n"
    assert merged(text, mx_plan("x.fr")).text == (
        'detect = true\nservice = [{ offer = "mx-plan", domains = ["x.fr"] }]\n'
    )


@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["nothing", "byte-order-mark"])
def test_configuration_of_nothing_gets_tables(start: str) -> None:
    assert merged(start, mx_plan("x.fr")).text == f'{start}{HEAD}domains = ["x.fr"]\n'


# ------------------------------------------------------------------------------ what stays


def test_what_a_person_wrote_stands_above_the_account_and_is_told() -> None:
    text = f'{HEAD}domains = ["a.fr"]\naddresses = ["a@b.fr"]\n'
    new = merged(text, email_pro("a.fr", "b.fr", addresses=("a@b.fr",)))
    assert new.differences == [
        Difference("a.fr", "mx-plan", f"email-pro {PRO}"),
        Difference("a@b.fr", "mx-plan", f"email-pro {PRO}"),
    ]
    assert new.text.startswith(text)
    assert new.text.count("a.fr") == 1


def test_region_is_told_where_it_differs() -> None:
    text = f'{HEAD}region = "ca"\ndomains = ["a.fr"]\n'
    (difference,) = merged(text, mx_plan("a.fr")).differences
    assert difference == Difference("a.fr", "mx-plan (ca)", "mx-plan")


def test_address_whose_domain_has_the_service_already_is_not_added() -> None:
    text = f'{HEAD}domains = ["a.fr"]\n'
    assert merged(text, mx_plan(addresses=("b@a.fr",))).text == text
    assert "b@a.fr" in merged(text, email_pro(addresses=("b@a.fr",))).text


def test_domains_file_counts_and_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("a.fr\n")
    path, text = tmp_path / "autoconfig.toml", f'{HEAD}domains_file = "list.txt"\n'
    assert merged(text, mx_plan("a.fr"), path=path).text == text
    new = merged(text, mx_plan("a.fr", "x.fr"), path=path).text
    assert new == f'{text}domains = ["x.fr"]\n'


def test_server_that_offers_of_ones_own_do_not_take_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "none.toml").write_text("schema_version = 1\noffer = []\nsource = {}\n")
    path, text = tmp_path / "autoconfig.toml", 'offers_file = "none.toml"\n'
    other = ServiceTable("email-pro", "eu", EXCHANGE, domains=("a.fr",))
    with pytest.raises(ConfigurationError, match=EXCHANGE):
        merged(text, other, path=path)


# ---------------------------------------------------------------------------------- unsure


def unsure(*domains: str) -> Unsure:
    sold = (Sold("mx-plan", None), Sold("zimbra-pro", None))
    doubt = Doubt.of(Reason.BOTH, services="MX Plan, Zimbra")
    return Unsure(doubt, sold, tuple(map(Domain, domains)))


def test_what_is_unsure_is_commented_once() -> None:
    text = f'{HEAD}domains = ["a.fr"]\n'
    new = merged(text, unsure=[unsure("b.fr", "c.fr")])
    assert new.text.startswith(f"{text}\n# ")
    assert new.text.count('# domains = ["b.fr", "c.fr"]\n') == 2
    again = merged(new.text, unsure=[unsure("b.fr", "c.fr")])
    assert (again.text, again.unsure) == (new.text, new.unsure)
    more = merged(new.text, unsure=[unsure("b.fr", "c.fr", "d.fr")]).text
    assert more.startswith(new.text)
    assert more.count("b.fr") == 2
    assert more.count('# domains = ["d.fr"]\n') == 2


def test_what_a_person_has_decided_is_not_unsure() -> None:
    text = f'{HEAD}domains = ["a.fr"]\n'
    new = merged(text, unsure=[unsure("a.fr")])
    assert (new.text, new.unsure) == (text, ())


# ------------------------------------------------------------------- any file, any account

NAMES = [f"{letter}.example" for letter in "abcdefgh"]
SERVICES = {
    "mx-plan": ['offer = "mx-plan"', "offer = 'emails'"],
    "email-pro": [f'offer = "pro"\nserver = "{PRO}"', 'server="pro1" # "]\noffer="email-pro"'],
    "zimbra-pro": ['"offer" = "zimbra-pro"'],
}
SERVERS = {"email-pro": PRO}
COMMENTS = ["", "# [[service]]\n", "\n\n", '# it\'s "ours", [all] of it = {\n', "  \t\n"]


@st.composite
def arrays(draw: st.DrawFn, names: Sequence[str]) -> str:
    """An array of names as people write it."""
    quotes = draw(st.sampled_from(['"{}"', "'{}'", '"""{}"""', "'''{}'''"]))
    between = draw(st.sampled_from([", ", ",", ",\n", " ,\n  ", ",  # one, ]\n\t", "\n , "]))
    start = draw(st.sampled_from(["", " ", "\n  ", "  # '[\n    "]))
    end = draw(st.sampled_from(["", " ", "\n", "  # last\n", "\n  # last ]\n"]))
    last = draw(st.sampled_from(["", ",", " ,"])) if names else ""
    return f"[{start}{between.join(map(quotes.format, names))}{last}{end}]"


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A configuration in any style."""
    parts = [draw(st.sampled_from(["", "\ufeff", "# top\n"])), "detect = true\n"]
    left = draw(st.permutations(NAMES))
    for offer in draw(st.lists(st.sampled_from(list(SERVICES)), max_size=3)):
        count = draw(st.integers(1, 2))
        names, left = left[:count], left[count:]
        header = draw(
            st.sampled_from(["[[service]]\n", '[[ "service" ]]  # "\n', " [[service]]\n"])
        )
        array = f"domains = {draw(arrays(names))}\n"
        facts = f"{draw(st.sampled_from(SERVICES[offer]))}\n"
        pairs = draw(st.permutations([array, facts, draw(st.sampled_from(COMMENTS))]))
        parts += [draw(st.sampled_from(COMMENTS)), header, *pairs]
    text = "".join((*parts, draw(st.sampled_from(COMMENTS))))
    text = text[:-1] if draw(st.booleans()) else text
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


accounts = st.dictionaries(
    st.sampled_from(NAMES) | st.sampled_from(NAMES).map("o'x@{}".format),
    st.sampled_from(list(SERVICES)),
)


def tables(account: dict[str, str]) -> list[ServiceTable]:
    return [
        Sold(offer, SERVERS.get(offer)).table(
            "eu", [name for name, its in sorted(account.items()) if its == offer]
        )
        for offer in dict.fromkeys(account.values())
    ]


def service(config: Config, name: str) -> tuple[str, str | None] | None:
    address = EmailAddress.parse(name) if "@" in name else Domain(name)
    found = config.served.find(address)
    return (found.offer.id, found.host) if found else None


@settings(max_examples=100, deadline=None)
@given(text=texts(), account=accounts, doubtful=st.sets(st.sampled_from(NAMES), max_size=2))
def test_any_import_keeps_all_that_is_written_and_adds_what_is_new_once(
    text: str, account: dict[str, str], doubtful: set[str]
) -> None:
    decided = {name: its for name, its in account.items() if name not in doubtful}
    left = [unsure(name) for name in sorted(doubtful)]
    new = merged(text, *tables(decided), unsure=left).text
    before, after = loaded(text), loaded(new)
    for name in NAMES:
        had, has = service(before, name), service(after, name)
        if had or name not in decided:
            assert has == had
        else:
            assert has == (decided[name], SERVERS.get(decided[name]))
    for name, offer in decided.items():
        if "@" in name:
            assert service(after, name) == (offer, SERVERS.get(offer))
    rest = iter(new)
    assert all(character in rest for character in text)
    plain = [line for line in text.splitlines() if "example" not in line]
    lines = iter(new.splitlines())
    assert all(line in lines for line in plain)
    assert merged(new, *tables(decided), unsure=left).text == new
