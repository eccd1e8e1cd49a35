"""The Apple profiles, against the keys that Apple publishes.

The facts are those of https://github.com/apple/device-management, folder `mdm/profiles`, at commit
b6202ca2fbd31286a52eb160b67a4db7b4fe1f1f (2024-10-21): of each payload, the keys that it may have
and we write, with their types, and those that it must have. A key that is not here is unknown, or
nobody has looked it up: do so before it is written.
"""

import plistlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from lxml import etree

from autoconfig.documents.formats import APPLE_DEVICES, LANGUAGES, profile_for
from autoconfig.documents.text import PROFILE
from autoconfig.names import Domain, EmailAddress
from tests.support.services import DOCUMENTS, EVERY_DOCUMENT, SERVICES
from tests.support.strategies import addresses

ADDRESS = EmailAddress.parse("alice+news@example.com")
EVERY_PROFILE = [(n, f) for n, f in EVERY_DOCUMENT if DOCUMENTS[n][f].format.kind is PROFILE]
every_profile = pytest.mark.parametrize(("name", "format"), EVERY_PROFILE)
every_service = pytest.mark.parametrize("name", SERVICES)


class Keys(NamedTuple):
    """The keys of a payload: their types; those that are required; the values that some may have.
    `on`: the systems that know the payload, of those on which we offer one.
    """

    types: dict[str, type]
    required: set[str]
    values: Mapping[str, tuple[Any, ...]] = {}
    on: tuple[str, ...] = ("iphone", "mac")


COMMON = Keys(
    {
        "PayloadIdentifier": str,
        "PayloadUUID": str,
        "PayloadType": str,
        "PayloadVersion": int,
        "PayloadDescription": str,
        "PayloadDisplayName": str,
        "PayloadOrganization": str,
    },
    {"PayloadIdentifier", "PayloadUUID", "PayloadType", "PayloadVersion"},
    {"PayloadVersion": (1,)},
)
TOP_LEVEL = Keys({"PayloadContent": list}, {"PayloadContent"}, {"PayloadType": ("Configuration",)})
_AUTHENTICATION = (
    *("EmailAuthNone", "EmailAuthPassword", "EmailAuthCRAMMD5", "EmailAuthNTLM"),
    "EmailAuthHTTPMD5",
)
PAYLOADS = {
    "com.apple.mail.managed": Keys(
        {
            "EmailAccountType": str,
            "EmailAccountDescription": str,
            "EmailAddress": str,
            "IncomingMailServerAuthentication": str,
            "IncomingMailServerHostName": str,
            "IncomingMailServerPortNumber": int,
            "IncomingMailServerUseSSL": bool,
            "IncomingMailServerUsername": str,
            "OutgoingMailServerAuthentication": str,
            "OutgoingMailServerHostName": str,
            "OutgoingMailServerPortNumber": int,
            "OutgoingMailServerUseSSL": bool,
            "OutgoingMailServerUsername": str,
            "OutgoingPasswordSameAsIncomingPassword": bool,
        },
        {
            "EmailAccountType",
            "IncomingMailServerAuthentication",
            "IncomingMailServerHostName",
            "OutgoingMailServerAuthentication",
            "OutgoingMailServerHostName",
        },
        {
            "EmailAccountType": ("EmailTypeIMAP", "EmailTypePOP"),
            "IncomingMailServerAuthentication": _AUTHENTICATION,
            "OutgoingMailServerAuthentication": _AUTHENTICATION,
        },
    ),
    "com.apple.caldav.account": Keys(
        {
            "CalDAVAccountDescription": str,
            "CalDAVHostName": str,
            "CalDAVPort": int,
            "CalDAVUseSSL": bool,
            "CalDAVUsername": str,
        },
        {"CalDAVHostName"},
    ),
    "com.apple.eas.account": Keys(
        {"EmailAddress": str, "Host": str, "SSL": bool, "UserName": str}, set(), on=("iphone",)
    ),
    "com.apple.ews.account": Keys(
        {
            "EmailAddress": str,
            "Host": str,
            "Port": int,
            "Path": str,
            "SSL": bool,
            "UserName": str,
        },
        set(),
        on=("mac",),
    ),
}


def content(name: str, format: str, address: EmailAddress = ADDRESS) -> bytes:
    return DOCUMENTS[name][format].fill(address.domain, address)


def read(name: str, format: str, address: EmailAddress = ADDRESS) -> dict[str, Any]:
    """The profile as a device reads it."""
    found: dict[str, Any] = plistlib.loads(content(name, format, address))
    return found


def payload(name: str, format: str, kind: str) -> dict[str, Any] | None:
    """The payload of a type; None if there is none."""
    return next((p for p in read(name, format)["PayloadContent"] if p["PayloadType"] == kind), None)


def device_of(format: str) -> str | None:
    """The device that a profile is for; None if it is for each."""
    return next((device for device in APPLE_DEVICES if f"-{device}" in format), None)


def assert_has(found: dict[str, Any], *known: Keys) -> None:
    """It has keys that are known, of their types and values, and all that are required."""
    for keys in known:
        assert keys.required <= set(found)
        for key, values in keys.values.items():
            assert found[key] in values
    types = {key: each for keys in known for key, each in keys.types.items()}
    assert {key: types.get(key) for key in found} == {key: type(found[key]) for key in found}


@every_profile
def test_profile_has_the_keys_that_apple_publishes(name: str, format: str) -> None:
    profile = read(name, format)
    assert_has(profile, COMMON, TOP_LEVEL)
    assert profile["PayloadContent"]
    for each in profile["PayloadContent"]:
        keys = PAYLOADS[each["PayloadType"]]
        assert_has(each, COMMON, keys)
        device = device_of(format)
        assert {device} <= set(keys.on) if device else set(keys.on) == {"iphone", "mac"}


@every_profile
def test_profile_is_a_property_list_without_a_key_twice(name: str, format: str) -> None:
    """A device takes the last of two; plistlib does so too, and says nothing."""
    text = content(name, format)
    assert text.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//App'
    )
    for table in etree.fromstring(text).iter("dict"):
        keys = [each.text for each in table.iterfind("key")]
        assert len(keys) == len(set(keys)) == len(table) / 2


@every_profile
def test_identifiers_and_uuids_are_told_apart_within_a_profile(name: str, format: str) -> None:
    """Apple: they must be unique in it, and those of an earlier one are replaced."""
    profile = read(name, format)
    every = [profile, *profile["PayloadContent"]]
    for key in ("PayloadIdentifier", "PayloadUUID"):
        assert len({each[key] for each in every}) == len(every)
    assert all(
        re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", each["PayloadUUID"])
        for each in every
    )
    for each in profile["PayloadContent"]:
        assert each["PayloadIdentifier"] == f"{profile['PayloadIdentifier']}.{each['PayloadType']}"


@every_service
def test_each_profile_of_a_mailbox_replaces_the_others(name: str) -> None:
    """Two of them would make two accounts of one mailbox."""
    formats = [format for n, format in EVERY_PROFILE if n == name]
    assert len({read(name, each)["PayloadIdentifier"] for each in formats}) == 1
    assert len({read(name, each)["PayloadUUID"] for each in formats}) == 1


@every_service
def test_profile_has_one_account_of_the_mailbox(name: str) -> None:
    """And the calendars, where that account does not bring them."""
    for format in (format for n, format in EVERY_PROFILE if n == name):
        types = [each["PayloadType"] for each in read(name, format)["PayloadContent"]]
        own = {"iphone": "com.apple.eas.account", "mac": "com.apple.ews.account", None: None}
        with_calendars = SERVICES[name].caldav is not None
        expected = ["com.apple.mail.managed", *["com.apple.caldav.account"] * with_calendars]
        assert types == ([own[device_of(format)]] if device_of(format) else expected)


@every_profile
def test_profile_holds_no_password(name: str, format: str) -> None:
    """A device asks for one that is absent."""
    keys = re.findall(rb"<key>(\w*Password\w*)</key>", content(name, format))
    assert keys == ([] if device_of(format) else [b"OutgoingPasswordSameAsIncomingPassword"])


@every_service
def test_mail_profile_has_the_preferred_servers_with_tls(name: str) -> None:
    """`UseSSL` is off by default, and stands for STARTTLS at the ports of that."""
    mail = payload(name, "mobileconfig", "com.apple.mail.managed")
    assert mail is not None
    incoming, outgoing = SERVICES[name].preferred("imap", "smtp")
    assert mail["EmailAccountType"] == "EmailTypeIMAP"
    assert mail["EmailAddress"] == str(ADDRESS)
    assert mail["OutgoingPasswordSameAsIncomingPassword"] is True
    for direction, server in (("Incoming", incoming), ("Outgoing", outgoing)):
        prefix = f"{direction}MailServer"
        assert (mail[f"{prefix}HostName"], mail[f"{prefix}PortNumber"]) == (
            server.host,
            server.port,
        )
        assert mail[f"{prefix}UseSSL"] is True
        assert mail[f"{prefix}Authentication"] == "EmailAuthPassword"
        assert mail[f"{prefix}Username"] == str(ADDRESS)


@pytest.mark.parametrize("name", [name for name, each in SERVICES.items() if each.caldav])
def test_calendars_are_at_the_server_of_the_offer(name: str) -> None:
    calendars, link = (
        payload(name, "mobileconfig", "com.apple.caldav.account"),
        SERVICES[name].caldav,
    )
    assert calendars is not None
    assert link is not None
    assert link.url == f"https://{calendars['CalDAVHostName']}"
    assert (calendars["CalDAVPort"], calendars["CalDAVUseSSL"]) == (443, True)
    assert calendars["CalDAVUsername"] == str(ADDRESS)


@pytest.mark.parametrize("name", [name for name, each in SERVICES.items() if each.activesync])
def test_profile_of_phones_leads_to_activesync(name: str) -> None:
    account, link = (
        payload(name, "mobileconfig-iphone", "com.apple.eas.account"),
        SERVICES[name].activesync,
    )
    assert account is not None
    assert link is not None
    assert link.url == f"https://{account['Host']}/Microsoft-Server-ActiveSync"
    assert (account["SSL"], account["UserName"], account["EmailAddress"]) == (
        True,
        str(ADDRESS),
        str(ADDRESS),
    )


@pytest.mark.parametrize("name", [name for name, each in SERVICES.items() if each.ews])
def test_profile_of_macs_leads_to_ews(name: str) -> None:
    account, link = payload(name, "mobileconfig-mac", "com.apple.ews.account"), SERVICES[name].ews
    assert account is not None
    assert link is not None
    assert link.url == f"https://{account['Host']}{account['Path']}"
    assert (account["Port"], account["SSL"], account["UserName"], account["EmailAddress"]) == (
        443,
        True,
        str(ADDRESS),
        str(ADDRESS),
    )


@every_service
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("device", [*APPLE_DEVICES, "", "watch"])
def test_device_gets_a_profile_of_its_own_where_the_service_has_it(
    name: str, language: str, device: str
) -> None:
    service = SERVICES[name]
    own = {"iphone": service.activesync, "mac": service.ews}.get(device)
    tail = "" if language == "en" else f"-{language}"
    assert profile_for(device, language, service) == (
        f"mobileconfig-{device}{tail}" if own else f"mobileconfig{tail}"
    )


@every_profile
def test_profile_says_the_same_in_french_and_in_english(name: str, format: str) -> None:
    """All but its words is alike."""
    english = read(name, format.removesuffix("-fr"))
    french = read(name, f"{format.removesuffix('-fr')}-fr")
    for key in ("PayloadDisplayName", "PayloadDescription"):
        assert english.pop(key) != french.pop(key)
    assert english == french


def test_person_reads_the_domain_as_it_is_typed_and_the_server_gets_its_one_form() -> None:
    address = EmailAddress("Zoë", Domain("xn--caf-dma.fr"))
    profile = read("mx-plan-eu", "mobileconfig", address)
    (mail,) = profile["PayloadContent"]
    assert mail["EmailAddress"] == mail["IncomingMailServerUsername"] == "Zoë@xn--caf-dma.fr"
    assert mail["EmailAccountDescription"] == "Zoë@café.fr"
    assert profile["PayloadDisplayName"].endswith("Zoë@café.fr")


@given(addresses)
def test_no_address_breaks_a_profile(address: EmailAddress) -> None:
    for format in ("mobileconfig", "mobileconfig-iphone-fr", "mobileconfig-mac"):
        profile = read("zimbra-pro-eu", format, address)
        assert {each.get("EmailAddress", str(address)) for each in profile["PayloadContent"]} == {
            str(address)
        }
        assert_has(profile, COMMON, TOP_LEVEL)
        for each in profile["PayloadContent"]:
            assert_has(each, COMMON, PAYLOADS[each["PayloadType"]])
