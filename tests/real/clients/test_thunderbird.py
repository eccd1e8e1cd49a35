"""Thunderbird finds every offer's settings: in its own discovery, and in its set-up window.

Written for Thunderbird 153, whose modules are `resource:///modules/accountcreation/` and whose
window is the "account hub". Two things are told apart: `config.subSource`, where Thunderbird says
that settings came from, and the access log of the web server, what it asked for.
"""

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.real.clients.front import Asked, Front
from tests.real.clients.mail import Login, MailServers
from tests.real.clients.mailboxes import (
    BY_MX,
    CALENDAR,
    CONFIGURED,
    DETECTED,
    EXCHANGE,
    IMAP,
    MAIL_HOSTS,
    MAILBOXES,
    NO_CERTIFICATE,
    PROVIDER,
    UNKNOWN,
    Mailbox,
    Server,
)
from tests.real.clients.marionette import Marionette
from tests.real.clients.thunderbird import FIND, MODULES, PLAIN, SOCKETS
from tests.real.namespaces import in_place_of
from tests.real.programs import Command, program, wait_for
from tests.support.requests import POX

OFFLINE = Path("/usr/lib/thunderbird/isp")
"""Where Thunderbird looks first: in its own folder, for `DOMAIN.xml`."""

NAME = "Alice Example"
SHOWN = {"STARTTLS": "STARTTLS", "SSL": "SSL/TLS"}
PASSWORD_CLEARTEXT, NTLM = 3, 6  # nsMsgAuthMethod
NEVER_DAYS = range(3650, 20_000)
"""Days after which mail may go from a POP3 server, as good as never.

Older Thunderbird reckons them in seconds of 32 bits, which overflow above.
"""

FROM_ISP = f"""
const [address] = arguments; {MODULES} {PLAIN}
const {{ FetchConfig }} = modules("FetchConfig");
const signal = new AbortController().signal;
return plain(await FetchConfig.fromISP(address.split("@")[1], address, signal), address);
"""
EVERYTHING = f"""
{FIND}
return find(arguments[0], "");
"""
AUTODISCOVER = f"""
const [address, password] = arguments; {MODULES} {PLAIN}
const {{ fetchConfigFromExchange }} = modules("ExchangeAutoDiscover");
const confirmed = [];
const config = await fetchConfigFromExchange(
  address.split("@")[1], address, new AbortController().signal, "", password,
  async host => {{ confirmed.push(host); }}
);
return {{ confirmed, config: plain(config, address) }};
"""

HUB = 'document.querySelector("account-hub-container")?.modal?.querySelector("account-hub-email")'
CONTINUE = f'{HUB}.querySelector("#forward")'
PASSWORD = f'{HUB}.querySelector("email-password-form #password")'
SHOWS = f"""
const hub = {HUB};
const step = hub && [...hub.querySelectorAll(".account-hub-step")].find(each => !each.hidden);
const header = step?.shadowRoot?.querySelector("account-hub-header")?.shadowRoot;
if (!header || hub.classList.contains("busy")) {{
  return null;
}}
const visible = css => [...step.querySelectorAll(css)].filter(each => each.checkVisibility());
return {{
  step: step.id,
  texts: Object.fromEntries(
    visible("p[id].data, p[id].header-data").map(each => [each.id, each.innerText])
  ),
  choices: visible("label.config-option").map(each => each.id),
  notice: header.textContent.replace(/\\s+/g, " "),
  host: step.querySelector("#incomingHostname")?.value,
}};
"""

ACCOUNT = """
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const [account] = MailServices.accounts.accounts;
const prefs = Services.prefs.getBranch(`mail.server.${account.incomingServer.key}.`);
return {
  type: prefs.getCharPref("type"),
  leave: prefs.getBoolPref("leave_on_server"),
  by_age: prefs.getBoolPref("delete_by_age_from_server"),
  days: prefs.getIntPref("num_days_to_leave_on_server"),
};
"""

every_mailbox = pytest.mark.parametrize("mailbox", MAILBOXES, ids=lambda each: each.domain)
every_imap = pytest.mark.parametrize("mailbox", IMAP, ids=lambda each: each.domain)
every_found_by_mx = pytest.mark.parametrize("mailbox", BY_MX, ids=lambda each: each.domain)
every_exchange = pytest.mark.parametrize("mailbox", EXCHANGE, ids=lambda each: each.domain)


@every_mailbox
def test_provider_is_asked_over_https(
    thunderbird: Marionette, front: Front, mailbox: Mailbox
) -> None:
    """`FetchConfig.fromISP` takes the document of the first of its four URLs."""
    config = thunderbird.run(FROM_ISP, mailbox.address)
    assert config["source"] == "xml-from-isp-https"
    _assert_document(config, mailbox)
    path = f"/mail/config-v1.1.xml?emailaddress=alice%40{mailbox.domain}"
    assert Asked("https", f"autoconfig.{mailbox.domain}", "GET", path, 200) in front.asked()


def test_provider_without_a_certificate(thunderbird: Marionette, front: Front) -> None:
    """Where no name of the domain has a certificate, it takes the same document by plain http."""
    config = thunderbird.run(FROM_ISP, NO_CERTIFICATE)
    assert config["source"] == "xml-from-isp-http"
    assert _servers(config["incoming"]) == EXCHANGE[0].incoming
    assert {each.scheme for each in front.asked()} == {"http"}


@every_mailbox
def test_whole_discovery(thunderbird: Marionette, front: Front, mailbox: Mailbox) -> None:
    """All look-ups at once, as the window does them, end with the provider's https document.

    For Exchange, the user is asked whether the password may go to the server's site.
    """
    found = thunderbird.run(EVERYTHING, mailbox.address)
    assert found["confirmed"] == ([_site(mailbox.exchange)] if mailbox.exchange else [])
    assert found["config"]["source"] == "xml-from-isp-https"
    _assert_document(found["config"], mailbox)


@every_imap
def test_autodiscover_settings(thunderbird: Marionette, front: Front, mailbox: Mailbox) -> None:
    """`fetchConfigFromExchange` reads the preferred servers from the domain's own Autodiscover."""
    found = thunderbird.run(AUTODISCOVER, mailbox.address, "secret")
    assert found["confirmed"] == []
    assert found["config"]["source"] == "exchange-from-url1"  # https://autodiscover.DOMAIN
    _assert_mail(found["config"], mailbox, mailbox.outgoing[:1])
    assert Asked("https", f"autodiscover.{mailbox.domain}", "POST", POX, 200) in front.asked()


@every_exchange
def test_autodiscover_redirect(thunderbird: Marionette, front: Front, mailbox: Mailbox) -> None:
    """It follows the 302 once the user agrees, and finds the Exchange server's endpoint there."""
    found = thunderbird.run(AUTODISCOVER, mailbox.address, "secret")
    assert mailbox.exchange
    assert found["confirmed"] == [_site(mailbox.exchange)]
    server = found["config"]["incoming"][0]
    assert server["type"] == "exchange"
    assert server["exchangeURL"] == f"https://{mailbox.exchange}/EWS/Exchange.asmx"
    assert server["username"] == mailbox.address
    asked = front.asked()
    assert Asked("https", f"autodiscover.{mailbox.domain}", "POST", POX, 302) in asked
    assert Asked("https", mailbox.exchange, "POST", POX, 200) in asked


@every_found_by_mx
def test_provider_is_found_by_mx(thunderbird: Marionette, front: Front, mailbox: Mailbox) -> None:
    """Where the domain has no names for it, it asks the provider of the mail, by the address.

    OVHcloud's own record for Outlook is followed, too, if the user agrees.
    """
    found = thunderbird.run(EVERYTHING, mailbox.address)
    assert found["confirmed"] == ([_site(mailbox.announced)] if mailbox.announced else [])
    assert found["config"]["source"] == "xml-from-isp-https"
    _assert_mail(found["config"], mailbox, mailbox.outgoing)
    path = f"/mail/config-v1.1.xml?emailaddress=alice%40{mailbox.domain}"
    assert Asked("https", PROVIDER, "GET", path, 200) in front.asked()


def test_unknown_domain_has_no_settings(thunderbird: Marionette, front: Front) -> None:
    """Every look-up ends with nothing, though the domain's names lead to the server."""
    found = thunderbird.run(EVERYTHING, UNKNOWN)
    assert found == {"confirmed": [], "config": None}
    assert {each.host for each in front.asked()} == {
        "unknown.example",
        "autoconfig.unknown.example",
        "autodiscover.unknown.example",
        PROVIDER,
    }
    assert {each.status for each in front.asked()} == {404}


@every_mailbox
def test_window(first_start: Marionette, front: Front, output: Path, mailbox: Mailbox) -> None:
    """Name, address, Continue: the window shows the settings of the offer, as the provider's.

    For Exchange it first asks whether the password may go to the server's site, and its native
    Exchange is a third choice, IMAP being recommended.
    """
    shown = _find(first_start, mailbox, output, mailbox.exchange)
    first_start.screenshot(output / f"thunderbird-{mailbox.domain}.png")
    assert shown["step"] == "emailConfigFoundSubview"
    assert "Configuration found at email provider." in shown["notice"]
    assert shown["choices"] == list(mailbox.choices)
    assert shown["texts"] == _window_texts(mailbox, mailbox.incoming[0])


@every_exchange
def test_window_with_exchange_chosen(
    first_start: Marionette, front: Front, output: Path, mailbox: Mailbox
) -> None:
    """Its native Exchange goes to the server of the document, with NTLM; IMAP was recommended."""
    _find(first_start, mailbox, output, mailbox.exchange)
    assert mailbox.ews
    assert mailbox.exchange
    texts = {
        "incomingType": "EXCHANGE WEB SERVICES",
        "incomingHost": mailbox.exchange,
        "incomingSocketType": "SSL/TLS",
        "incomingUsername": mailbox.address,
        "incomingAuthenticationType": "NTLM",
    }
    _choose(first_start, "ews", texts)
    first_start.screenshot(output / f"thunderbird-{mailbox.domain}-chosen.png")
    _log_in(first_start)
    wait_for(lambda: _asked_of(front, mailbox.ews), "Exchange Web Services")


@pytest.mark.parametrize("mailbox", [CONFIGURED[0], *DETECTED], ids=lambda each: each.domain)
def test_window_with_pop3_chosen(
    first_start: Marionette, front: Front, mail: MailServers, output: Path, mailbox: Mailbox
) -> None:
    """The account leaves mail on the server; by itself Thunderbird would delete after 14 days."""
    server = _set_up_pop3(first_start, mailbox, output)
    assert set(mail.logins) == {Login(MAIL_HOSTS[server.host], server.port, mailbox.address)}
    account = first_start.run(ACCOUNT)
    assert account.pop("days") in NEVER_DAYS
    assert account == {"type": "pop3", "leave": True, "by_age": True}


@every_found_by_mx
def test_window_for_a_domain_found_by_mx(
    first_start: Marionette, front: Front, output: Path, mailbox: Mailbox
) -> None:
    """The window shows the settings of the offer, which its provider's name tells."""
    shown = _find(first_start, mailbox, output, mailbox.announced)
    first_start.screenshot(output / f"thunderbird-{mailbox.domain}.png")
    assert shown["step"] == "emailConfigFoundSubview"
    assert "Configuration found at email provider." in shown["notice"]
    assert shown["texts"] == _window_texts(mailbox, mailbox.incoming[0])


def test_window_for_an_unknown_domain(first_start: Marionette, front: Front, output: Path) -> None:
    """The window says that it found nothing and leaves the fields to the user."""
    shown = _continue_with(first_start, UNKNOWN)
    first_start.screenshot(output / "thunderbird-unknown.png")
    assert shown["step"] == "emailIncomingConfigSubview"
    assert "failed to find the settings for your email account" in shown["notice"]
    assert shown["host"] == ".unknown.example"  # a name for the user to complete


def test_calendars_of_a_new_account(
    first_start: Marionette, front: Front, mail: MailServers, output: Path
) -> None:
    """It looks for calendars and address books, and our redirect leads it to the offer's host.

    There is a server of ours there as well, which has none.
    """
    mailbox = CALENDAR[0]
    _set_up_pop3(first_start, mailbox, output)
    asked = front.asked()
    for path in ("/.well-known/caldav", "/.well-known/carddav"):
        assert Asked("https", mailbox.domain, "PROPFIND", path, 302) in asked
        assert Asked("https", str(mailbox.calendars), "PROPFIND", path, 404) in asked


@pytest.fixture
def offline(front: Front, config_file: Path, tmp_path: Path) -> Iterator[None]:
    """What `autoconfig show` prints, in Thunderbird's own folder."""
    own = tmp_path / "isp"
    own.mkdir()
    for mailbox in CONFIGURED:
        show: Command = [program("autoconfig"), "show", "autoconfig", mailbox.domain]
        with (own / f"{mailbox.domain}.xml").open("wb") as file:
            subprocess.run([*show, "--config", config_file], stdout=file, check=True)
    with in_place_of(OFFLINE, own):
        yield


@pytest.mark.parametrize("mailbox", CONFIGURED, ids=lambda each: each.domain)
def test_file_in_its_own_folder(thunderbird: Marionette, offline: None, mailbox: Mailbox) -> None:
    """What `show` prints is taken as it is, before anybody is asked."""
    found = thunderbird.run(EVERYTHING, mailbox.address)
    assert found["config"]["source"] == "xml-from-disk"
    _assert_document(found["config"], mailbox)


def test_window_with_a_file_in_its_own_folder(
    first_start: Marionette, offline: None, output: Path
) -> None:
    shown = _continue_with(first_start, IMAP[0].address)
    first_start.screenshot(output / "thunderbird-offline.png")
    assert shown["step"] == "emailConfigFoundSubview"
    assert "Configuration found in Thunderbird installation." in shown["notice"]
    assert shown["texts"] == _window_texts(IMAP[0], IMAP[0].incoming[0])


def _continue_with(driver: Marionette, address: str) -> Any:
    """Fill in the window that a first start opens, and what it shows after Continue."""
    first = wait_for(lambda: driver.run(SHOWS), "the set-up window")
    driver.type(f'{HUB}.querySelector("#realName")', NAME)
    driver.type(f'{HUB}.querySelector("#email")', address)
    driver.click(CONTINUE)
    return _next_step(driver, first["step"])


def _set_up_pop3(driver: Marionette, mailbox: Mailbox, output: Path) -> Server:
    """Make an account with the POP3 server of a mailbox, which lets the user in."""
    (server,) = (each for each in mailbox.incoming if each.type == "pop3")
    _find(driver, mailbox, output, mailbox.exchange)
    _choose(driver, server.type, _window_texts(mailbox, server))
    _log_in(driver)
    wait_for(lambda: _shows(driver, "emailAddedSuccessSubview"), "the new account", seconds=60)
    driver.screenshot(output / f"thunderbird-{mailbox.domain}-pop3.png")
    return server


def _find(driver: Marionette, mailbox: Mailbox, output: Path, exchange: str | None) -> Any:
    """What the window shows of a mailbox once it has searched.

    `exchange`: the host of which it asks first whether the password may go there.
    """
    shown = _continue_with(driver, mailbox.address)
    if exchange:
        assert shown["step"] == "emailCredentialsConfirmationSubview"
        assert shown["texts"]["hostname"] == _site(exchange)
        driver.screenshot(output / f"thunderbird-{mailbox.domain}-question.png")
        driver.click(CONTINUE)
        shown = _next_step(driver, shown["step"])
    return shown


def _choose(driver: Marionette, protocol: str, texts: dict[str, str]) -> None:
    """Choose another type of incoming server, whose settings the window fills in bit by bit."""
    driver.click(f'{HUB}.querySelector("label#{protocol}")')
    with suppress(TimeoutError):  # what it shows instead is said below
        wait_for(lambda: driver.run(SHOWS)["texts"] == texts, f"the settings of {protocol}")
    assert driver.run(SHOWS)["texts"] == texts


def _log_in(driver: Marionette) -> None:
    """Continue with the choice, and give a password."""
    driver.click(CONTINUE)
    wait_for(lambda: _shows(driver, "emailPasswordSubview"), "the question for a password")
    driver.type(PASSWORD, "secret")
    driver.click(CONTINUE)


def _shows(driver: Marionette, step: str) -> bool:
    shown = driver.run(SHOWS)
    return bool(shown) and shown["step"] == step


def _asked_of(front: Front, url: str | None) -> bool:
    return any(f"{each.scheme}://{each.host}{each.path}" == url for each in front.asked())


def _next_step(driver: Marionette, before: str) -> Any:
    """What the window shows once it has left a step and filled in every text."""

    def settled() -> Any:
        shown = driver.run(SHOWS)
        moved = shown and shown["step"] != before
        return shown if moved and all(shown["texts"].values()) else None

    return wait_for(settled, f"the step after {before}", seconds=60)


def _window_texts(mailbox: Mailbox, incoming: Server) -> dict[str, str]:
    """What the step "configuration found" shows of a server, by the id of each field.

    What both servers have in common is shown once.
    """
    outgoing = mailbox.outgoing[0]
    texts: dict[str, str] = {}
    for side, server in (("incoming", incoming), ("outgoing", outgoing)):
        texts |= {
            f"{side}Type": server.type.upper(),
            f"{side}Host": server.host,
            f"{side}Port": str(server.port),
        }
    shared = incoming.socket == outgoing.socket
    sides = {"shared": incoming} if shared else {"incoming": incoming, "outgoing": outgoing}
    for side, server in sides.items():
        texts |= {
            f"{side}SocketType": SHOWN[server.socket],
            f"{side}Username": mailbox.address,
            f"{side}AuthenticationType": "Normal Password",
        }
    return texts


def _assert_document(config: dict[str, Any], mailbox: Mailbox) -> None:
    """What Thunderbird has from the Mozilla document."""
    _assert_mail(config, mailbox, mailbox.outgoing)
    incoming = config["incoming"]
    assert tuple(each["type"] for each in incoming) == mailbox.choices
    for server in (each for each in incoming if each["type"] == "pop3"):
        assert server["leaveMessagesOnServer"]
        assert server["daysToLeaveMessagesOnServer"] in NEVER_DAYS
    for server in (each for each in incoming if each["type"] == "ews"):
        assert server["exchangeURL"] == mailbox.ews
        assert server["username"] == mailbox.address
        assert server["auth"] == NTLM


def _assert_mail(config: dict[str, Any], mailbox: Mailbox, outgoing: tuple[Server, ...]) -> None:
    assert _servers(config["incoming"]) == mailbox.incoming
    assert _servers(config["outgoing"]) == outgoing
    # Thunderbird fills in no outgoing server but the one that it uses.
    mail = [each for each in config["incoming"] if each["type"] != "ews"]
    for server in (*mail, config["outgoing"][0]):
        assert server["username"] == mailbox.address
        assert server["auth"] == PASSWORD_CLEARTEXT


def _servers(found: Iterable[dict[str, Any]]) -> tuple[Server, ...]:
    """Those of mail: Exchange has a URL, and no port."""
    return tuple(
        Server(each["type"], each["hostname"], each["port"], SOCKETS[each["socketType"]])
        for each in found
        if each["type"] != "ews"
    )


def _site(host: str) -> str:
    """The registrable domain, of which Thunderbird speaks to the user."""
    return ".".join(host.rsplit(".", 2)[1:])
