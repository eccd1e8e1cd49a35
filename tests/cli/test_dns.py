"""`autoconfig dns`: whose records it looks at and where, what it prints, and its exit codes."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import dns.message
import dns.rcode
import pytest
from click.testing import CliRunner, Result

from autoconfig.cli import main
from autoconfig.detect.rule import Advice
from autoconfig.detect.words import ADVICE
from autoconfig.zone.forms import FORMS
from autoconfig.zone.servers import Servers
from tests.support.name_server import Reply, Server, name_server, records, refusal, silence, zone
from tests.support.services import CATALOGUE, service_of
from tests.support.serving import COMMAND

OURS = "autoconfig.agency.example"
TO = ("--to", OURS)
MX = CATALOGUE.offers["mx-plan"].regions["eu"].dns.mx[0]
PRO = service_of("email-pro")

ZONES: Mapping[str, tuple[str, ...]] = {
    "guess.example": (f"guess.example. 300 MX {MX.preference} {MX.host}.",),
    "known.example": (
        f"known.example. 300 MX {MX.preference} {MX.host}.",
        f"_autodiscover._tcp.known.example. 300 SRV 0 0 443 {PRO.host}.",
    ),
    "done.example": (
        f"done.example. 300 MX {MX.preference} {MX.host}.",
        f"autoconfig.done.example. 300 CNAME {OURS}.",
        f"autodiscover.done.example. 300 CNAME {OURS}.",
    ),
    "aliased.example": (
        f"aliased.example. 300 MX {MX.preference} {MX.host}.",
        "autoconfig.aliased.example. 300 CNAME www.aliased.example.",
        "autodiscover.aliased.example. 300 CNAME autoconfig.aliased.example.",
        "www.aliased.example. 300 A 192.0.2.1",
    ),
    "elsewhere.example": ("elsewhere.example. 300 MX 1 mx.example.net.",),
    "agency.example": (f"{OURS}. 300 A 192.0.2.1",),
}


def world(query: dns.message.Message) -> Iterator[bytes]:
    """What a resolver says of all these zones, which have no name servers that can be asked."""
    name = query.question[0].name.to_text().lower()
    held = next((apex for apex in ZONES if name.endswith(f"{apex}.")), "example")
    yield from zone(*ZONES.get(held, ()), apex=f"{held}.")(query)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUTOCONFIG_CONFIG", raising=False)
    return tmp_path


@pytest.fixture
def resolver() -> Iterator[Server]:
    with name_server(otherwise=world) as server:
        yield server


def run(*arguments: str | Path, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["dns", *map(str, arguments)], input=stdin)


def live(server: Server, *arguments: str) -> Result:
    return run(*arguments, "--resolver", str(server.address))


def told(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def config(text: str, domains: str = "") -> Path:
    path = Path("autoconfig.toml")
    path.write_text(f'{text}\n[[service]]\noffer = "mx-plan"\n{domains}')
    return path


TEXT = f"@ MX {MX.preference} {MX.host}.\n"
SETTLED = f"{TEXT}autoconfig CNAME {OURS}.\nautodiscover CNAME {OURS}.\n"

# ------------------------------------------------------------------------------------------- a text


def test_text_is_compared_and_nobody_asked() -> None:
    Path("zone.txt").write_text(TEXT)
    result = run("example.fr", "--offer", "mx-plan", *TO, "--zone", "zone.txt", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    (found,) = told(result)
    assert (found["domain"], found["offer"]) == ("example.fr", "mx-plan")
    assert [each["name"] for each in found["create"] if each["needed"]] == [
        "autoconfig.example.fr.",
        "autodiscover.example.fr.",
    ]
    assert {each["value"] for each in found["create"] if each["needed"]} == {f"{OURS}."}


@pytest.mark.parametrize("form", FORMS)
def test_changes_are_printed_in_the_form_that_is_asked_for(form: str) -> None:
    result = run("a.fr", "--offer", "mx-plan", *TO, "--zone", "-", "--format", form, stdin=TEXT)
    assert OURS in result.stdout
    assert result.stdout != run("a.fr", "--offer", "mx-plan", *TO, "--zone", "-", stdin=TEXT).stdout
    assert (result.exit_code, result.stderr) == (1, "")


def test_text_is_read_from_standard_input() -> None:
    result = run("example.fr", "--offer", "mx-plan", *TO, "--zone", "-", stdin=SETTLED)
    assert result.exit_code == 0
    assert result.stdout.startswith("example.fr, MX Plan: nothing needed is to be done\n")


def test_text_tells_the_offer_where_there_is_no_configuration() -> None:
    text = f"{SETTLED}_autodiscover._tcp SRV 0 0 443 {PRO.host}.\n"
    result = run("example.fr", *TO, "--zone", "-", "--json", stdin=text)
    assert result.stderr == f"example.fr: Email Pro at {PRO.host}, as its DNS tells\n"
    assert [each["offer"] for each in told(result)] == ["email-pro"]


def test_domains_of_the_configuration_that_are_in_the_zone_are_planned() -> None:
    names = '["example.fr", "shop.example.fr", "notexample.fr", "example.com"]'
    path = config(f'base_url = "https://{OURS}"', f"domains = {names}\n")
    text = f"$ORIGIN example.fr.\n{TEXT}"
    result = run("--config", path, "--zone", "-", "--json", stdin=text)
    assert [each["domain"] for each in told(result)] == ["example.fr", "shop.example.fr"]
    assert result.stderr == "Not in the zone example.fr: example.com, notexample.fr\n"


def test_zone_of_another_domain_is_a_negative_answer() -> None:
    text = f"$ORIGIN example.com.\n{TEXT}"
    result = run("a.fr", "b.fr", "--offer", "mx-plan", *TO, "--zone", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        "Not in the zone example.com: a.fr, b.fr",
        "error: standard input is the zone of example.com, in which no domain is",
    ]
    named = run("example.fr", "--offer", "mx-plan", *TO, "--zone", "-", stdin=text)
    assert (named.exit_code, named.stdout) == (2, "")


def test_doubt_about_a_text_is_said() -> None:
    text = f"{SETTLED}other.example.com. A 192.0.2.1\n"
    result = run("example.fr", "--offer", "mx-plan", *TO, "--zone", "-", stdin=text)
    assert result.stderr.startswith("warning: standard input: line 4: ")
    assert result.exit_code == 0


def test_mistakes_of_a_text_are_said_by_their_lines() -> None:
    result = run("example.fr", *TO, "--zone", "-", stdin="@ MX mail\n@ SRV 0\n")
    lines = result.stderr.splitlines()
    assert [line[:36] for line in lines] == [
        f"error: standard input: line {number}: found" for number in (1, 2)
    ]
    assert (result.exit_code, result.stdout) == (2, "")


def test_text_that_is_not_there_is_said() -> None:
    result = run("example.fr", *TO, "--zone", "nowhere.txt")
    assert result.stderr == "error: nowhere.txt: there is no such file\n"
    assert result.exit_code == 2


# ------------------------------------------------------------------------------------------ the DNS


def test_dns_is_asked_and_who_was_asked_is_said(resolver: Server) -> None:
    result = live(resolver, "done.example", "--offer", "mx-plan", *TO)
    assert result.exit_code == 0
    assert result.stderr.startswith(f"Asking {resolver.address} about 1 domain, 20")
    assert result.stderr.count("\n") == 1


def test_offer_is_read_from_the_same_records_and_said(resolver: Server) -> None:
    result = live(resolver, "guess.example", "known.example", *TO, "--json")
    assert [each["offer"] for each in told(result)] == ["mx-plan", "email-pro"]
    assert result.stderr.splitlines()[1:] == [
        "guess.example: MX Plan, a guess by its DNS",
        f"known.example: Email Pro at {PRO.host}, as its DNS tells",
    ]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_domain_of_which_nothing_is_told_has_no_plan(resolver: Server, lang: str) -> None:
    result = live(resolver, "elsewhere.example", *TO, "--json", "--lang", lang)
    (found,) = told(result)
    assert (found["offer"], found["failure"]) == (None, ADVICE[Advice.ELSEWHERE][lang])
    assert {act: found[act] for act in ("create", "replace", "delete", "keep")} == {
        "create": [],
        "replace": [],
        "delete": [],
        "keep": [],
    }
    assert result.exit_code == 1


@pytest.mark.parametrize("reply", [refusal(dns.rcode.SERVFAIL), silence], ids=["fails", "silent"])
def test_look_up_that_fails_is_no_plan(reply: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoconfig.zone.servers.SECONDS", 0.2)
    with name_server(otherwise=reply) as server:
        result = live(server, "done.example", "--offer", "mx-plan", *TO, "--json")
    (found,) = told(result)
    assert found["failure"].startswith("Nothing is known, as the look-up failed (")
    assert found["create"] == found["keep"] == []
    assert result.exit_code == 1


def test_address_of_the_target_is_as_good_as_an_alias() -> None:
    lines = [f"{name}.example.fr. 300 A 192.0.2.1" for name in ("autoconfig", "autodiscover")]
    replies = {f"{OURS} A": records(f"{OURS}. 300 A 192.0.2.1")}
    with name_server(replies, otherwise=zone(*lines, apex="example.fr.")) as server:
        result = live(server, "example.fr", "--offer", "mx-plan", *TO)
    assert result.exit_code == 0


@pytest.mark.parametrize("target", [OURS, "192.0.2.1"])
def test_alias_of_a_name_that_leads_to_the_target_is_as_good(resolver: Server, target: str) -> None:
    result = live(resolver, "aliased.example", "--offer", "mx-plan", "--to", target, "--json")
    (found,) = told(result)
    assert [each["value"] for each in found["keep"]] == [
        "www.aliased.example.",
        "autoconfig.aliased.example.",
    ]
    assert result.exit_code == 0


def test_alias_of_a_name_that_leads_elsewhere_is_not(resolver: Server) -> None:
    result = live(resolver, "aliased.example", "--offer", "mx-plan", "--to", "192.0.2.2")
    assert result.exit_code == 1


def test_no_cname_is_proposed_beside_a_text() -> None:
    line = 'autoconfig.example.fr. 300 TXT "3|welcome"'
    with name_server(otherwise=zone(line, apex="example.fr.")) as server:
        result = live(server, "example.fr", "--offer", "mx-plan", *TO, "--json")
    (found,) = told(result)
    assert not any(each["name"] == "autoconfig.example.fr." for each in found["create"])
    assert "autoconfig.example.fr. has records of type TXT" in found["remarks"][0]


def test_target_without_an_address_is_said(resolver: Server) -> None:
    result = live(resolver, "done.example", "--offer", "mx-plan", "--to", "nowhere.example")
    said = f"warning: nowhere.example has no address, as far as {resolver.address} can tell"
    assert said in result.stderr.splitlines()


def test_target_that_cannot_be_looked_up_is_not_said_to_have_no_address() -> None:
    broken = {f"{OURS} {kind}": refusal(dns.rcode.SERVFAIL) for kind in ("A", "AAAA")}
    with name_server(broken, otherwise=world) as server:
        result = live(server, "done.example", "--offer", "mx-plan", *TO)
    said = result.stderr.splitlines()
    assert f"warning: the addresses of {OURS} could not be looked up" in said
    assert "has no address" not in result.stderr
    assert result.exit_code == 0


def test_address_of_the_target_needs_no_look_up(resolver: Server) -> None:
    result = live(resolver, "guess.example", "--offer", "mx-plan", "--to", "192.0.2.1")
    assert result.exit_code == 1
    assert not any(OURS in each for each in resolver.asked)


def test_progress_is_shown_on_a_terminal(resolver: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoconfig.cli.output._looks_on", lambda: True)
    result = live(resolver, "guess.example", "known.example", *TO)
    assert "Looking up" in result.stderr
    assert "Looking up" not in result.stdout


def test_system_s_resolver_is_asked_unless_one_is_named(
    resolver: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autoconfig.detect.lookup.system_servers", lambda: (resolver.address,))
    assert run("done.example", *TO).exit_code == 0


def test_resolvers_of_the_configuration_are_asked(resolver: Server) -> None:
    text = f'base_url = "https://{OURS}"\nresolvers = ["{resolver.address}"]'
    config(text, 'domains = ["done.example", "guess.example"]\n')
    result = run("--json")
    assert [each["domain"] for each in told(result)] == ["done.example", "guess.example"]
    assert run("done.example").exit_code == 0


# ----------------------------------------------------------------------- the name servers of a zone


def served_by(hosts: Mapping[str, str], *lines: str) -> dict[str, Reply]:
    """What a resolver says of done.example, if these are its name servers."""
    servers = [f"done.example. 300 NS {host}." for host in hosts]
    return {
        "done.example NS": records(*servers),
        **{f"{host} A": records(f"{host}. 300 A {place}") for host, place in hosts.items()},
    }


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the port of the zones' name servers."""
    where = "autoconfig.zone.servers.Servers"
    return lambda number: monkeypatch.setattr(where, partial(Servers, port=number))


def test_name_server_that_is_behind_makes_nothing_to_do(port: Callable[[int], None]) -> None:
    hosts = {"ns1.host.example": "127.0.0.2", "ns2.host.example": "127.0.0.3"}
    new = zone(*ZONES["done.example"], apex="done.example.", serial=2)
    old = zone(*ZONES["done.example"][:2], apex="done.example.", serial=1)
    with name_server(served_by(hosts), otherwise=world) as server:
        number = server.address.port
        port(number)
        with (
            name_server(otherwise=old, place=("127.0.0.2", number)),
            name_server(otherwise=new, place=("127.0.0.3", number)),
        ):
            result = live(server, "done.example", "--offer", "mx-plan", *TO)
            found = live(server, "done.example", "--offer", "mx-plan", *TO, "--json")
    assert "Asked ns1.host.example, ns2.host.example too" in result.stderr.splitlines()
    assert "not everywhere yet, as other answers still come from ns1.host.example:" in result.stdout
    assert result.exit_code == 0
    ((pending,),) = [each["pending"] for each in told(found)]
    assert (pending["name"], pending["behind"]) == (
        "autodiscover.done.example.",
        ["ns1.host.example"],
    )


def test_name_servers_that_cannot_be_reached_are_said_once(port: Callable[[int], None]) -> None:
    hosts = {f"ns{number}.host.example": f"127.0.0.{number}" for number in range(2, 10)}
    with name_server(served_by(hosts), otherwise=world) as server:
        port(server.address.port)
        result = live(server, "done.example", "guess.example", "--offer", "mx-plan", *TO)
    assert result.stderr.splitlines()[1:] == [
        "No answer from ns2.host.example, ns3.host.example, ns4.host.example, ns5.host.example, "
        "ns6.host.example, ns7.host.example and 2 other name servers: what they have may differ"
    ]


# ------------------------------------------------------------------------------------ whose records


def test_domain_that_the_configuration_lacks_is_a_negative_answer(resolver: Server) -> None:
    config(f'base_url = "https://{OURS}"', 'domains = ["done.example"]\n')
    result = live(resolver, "done.example", "guess.example")
    said = "autoconfig.toml has no service for guess.example; add it to one, or give --offer"
    assert result.stderr == f"error: {said}\n"
    assert (result.exit_code, resolver.asked) == (1, [])


def test_configuration_that_detects_has_any_domain(resolver: Server) -> None:
    Path("autoconfig.toml").write_text(f'detect = true\nbase_url = "https://{OURS}"\n')
    result = live(resolver, "known.example", "--json")
    assert [each["offer"] for each in told(result)] == ["email-pro"]


def test_configuration_without_a_domain_is_a_negative_answer(resolver: Server) -> None:
    Path("autoconfig.toml").write_text(f'detect = true\nbase_url = "https://{OURS}"\n')
    result = live(resolver)
    assert "names no domain; `detect = true` has no list of them" in result.stderr
    assert result.exit_code == 1


def test_domain_that_has_only_addresses_is_what_its_dns_tells_else_what_they_have(
    resolver: Server,
) -> None:
    addresses = 'addresses = ["boss@known.example", "boss@elsewhere.example"]\n'
    config(f'base_url = "https://{OURS}"', addresses)
    result = live(resolver, "--json")
    assert {each["domain"]: each["offer"] for each in told(result)} == {
        "elsewhere.example": "mx-plan",
        "known.example": "email-pro",
    }
    assert result.stderr.splitlines()[1:] == [
        "elsewhere.example: MX Plan, as its addresses have",
        f"known.example: Email Pro at {PRO.host}, as its DNS tells",
    ]


def test_domain_whose_addresses_have_several_services_is_what_its_dns_tells_or_nothing(
    resolver: Server,
) -> None:
    addresses = 'addresses = ["boss@elsewhere.example"]\n'
    path = config(f'base_url = "https://{OURS}"', addresses)
    more = f'[[service]]\noffer = "email-pro"\nserver = "{PRO.host}"\n'
    path.write_text(path.read_text() + more + 'addresses = ["clerk@elsewhere.example"]\n')
    (found,) = told(live(resolver, "--json"))
    assert (found["offer"], found["failure"]) == (None, ADVICE[Advice.ELSEWHERE]["en"])


def test_configuration_that_the_environment_names_is_awaited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOCONFIG_CONFIG", "nowhere.toml")
    result = run("a.example", *TO)
    assert result.stderr.startswith("error: nowhere.toml: there is no such file")
    assert result.exit_code == 2


def test_domains_are_read_from_standard_input_and_an_address_counts_as_its_domain(
    resolver: Server,
) -> None:
    arguments = ("dns", "-", "boss@done.example", *TO, "--json", "--resolver", resolver.address)
    result = CliRunner().invoke(main, [*map(str, arguments)], input="guess.example # one\n")
    assert [each["domain"] for each in told(result)] == ["guess.example", "done.example"]


# --------------------------------------------------------------------------------------- the target


def test_addresses_are_a_target() -> None:
    to = ("--to", "192.0.2.1", "--to", "2001:db8::1", "--to", "192.0.2.1")
    result = run("example.fr", "--offer", "mx-plan", *to, "--zone", "-", "--json", stdin=TEXT)
    (found,) = told(result)
    assert [(each["type"], each["value"]) for each in found["create"] if each["needed"]] == [
        ("A", "192.0.2.1"),
        ("AAAA", "2001:db8::1"),
    ] * 2


@pytest.mark.parametrize(
    "own", ["autoconfig A 192.0.2.1\n@ AAAA 2001:db8::1", "* A 192.0.2.1"], ids=["name", "wildcard"]
)
def test_address_that_the_zone_itself_has_for_the_target_is_as_good_as_an_alias(own: str) -> None:
    """A text has it where the target is in the zone, as with web hosting."""
    text = f"{TEXT}@ A 192.0.2.1\nwww CNAME example.fr.\nautodiscover CNAME www\n{own}\n"
    result = run(
        "example.fr", "--offer", "mx-plan", "--to", "www.example.fr", "--zone", "-", stdin=text
    )
    assert result.exit_code == 0, result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.example"], "give --to HOST, or --to IP: the server that answers mail programs"),
        (["a.example", "--offer", "mx-plan"], "give --to HOST"),
        (["--offer", "mx-plan", *TO], "--offer needs a DOMAIN"),
        (["a.example", *TO, "--to", "192.0.2.1"], "--to takes one HOST, or each IP address of"),
        (["a.example", *TO, "--to", "b.example"], "--to takes one HOST, or each IP address of"),
        (["a.example", *TO, "--zone", "z", "--resolver", "192.0.2.1"], "exclude each other"),
        (["-", *TO, "--zone", "-"], "--zone - and DOMAIN - cannot both have standard input"),
        (["a.example", *TO, "--json", "--format", "zone"], "--json and --format exclude"),
        (["a.example", *TO, "--server", "pro1"], "--server and --region go with --offer"),
        (TO, "autoconfig.toml: there is no such file in "),
        (["a.example", *TO, "--offer", "no-such"], 'error: --offer: found "no-such"'),
        (["a.example", *TO, "--config", "nowhere.toml"], "error: nowhere.toml: there is no"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, (list, tuple)) else "",
)
def test_wrong_usage_ends_with_2_before_anything_is_asked(
    arguments: list[str], said: str, resolver: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autoconfig.detect.lookup.system_servers", lambda: (resolver.address,))
    result = run(*arguments)
    assert said in result.stderr
    assert (result.exit_code, result.stdout, resolver.asked) == (2, "", [])


def test_every_mistake_is_said() -> None:
    result = run("no domain", "--to", "https://a.example/", "--to", "1.2.3", "--resolver", ":")
    assert [line.split(":")[1].strip() for line in result.stderr.splitlines()] == [
        "DOMAIN",
        "--resolver",
        "--to",
        "--to",
    ]
    assert "write a.example" in result.stderr
    assert result.exit_code == 2


# ------------------------------------------------------------------------------------- as a process


def test_pipe_that_nobody_reads_ends_it_quietly(resolver: Server) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [COMMAND, "dns", "guess.example", *TO, "--resolver", str(resolver.address)],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 141
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_it_though_nobody_answers(folder: Path) -> None:
    with name_server(otherwise=silence) as server:
        process = subprocess.Popen(
            [COMMAND, "dns", "a.example", *TO, "--resolver", str(server.address)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not server.asked:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=4)  # less than a question has
    assert (process.returncode, printed) == (130, "")
    assert said.splitlines()[1:] == ["interrupted"]
