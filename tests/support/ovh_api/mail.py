"""Mail services of an account, each added in a line, with what the API says of them.

What stands in `fields` replaces what is usual, or is added to it. Every answer has a field that no
document knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.support.ovh_api.state import State

UUID = "00000000-0000-4000-8000-0000000000{:02x}"


@dataclass
class Attached:
    """A domain of a service. `accounts`: full addresses. `fields`: of the answer on the domain."""

    name: str
    accounts: Iterable[str] = ()
    fields: dict[str, Any] = field(default_factory=dict)


def attached(name: str, *accounts: str, **fields: Any) -> Attached:
    return Attached(name, accounts, fields)


def old_mx_plan(state: State, name: str, *local_parts: str, **fields: Any) -> None:
    """A domain of MX Plan in the old view: /email/domain."""
    path = f"/email/domain/{name}"
    state.answers["/email/domain"].append(name)
    state.answers[path] = {
        "domain": name,
        "offer": "5",
        "status": "ok",
        "creationDate": "2015-03-01T00:00:00+01:00",
        "allowedAccountSize": [5000000000],
        "filerz": 1,
        "linkTo": None,
        "migratedMXPlanServiceName": None,
        "isMXValid": "valid",
        "isSPFValid": "valid",
        "somethingNew": {"of": "2027"},
        **fields,
    }
    state.answers[f"{path}/account"] = [*local_parts]
    state.answers[f"{path}/recommendedDNSRecords"] = []
    for local in local_parts:
        state.answers[f"{path}/account/{local}"] = {"accountName": local, "domain": name}


def mx_plan(state: State, service: str, *domains: Attached | str, **fields: Any) -> None:
    usual = {"offer": "MXPLAN", "isZimbra": False, "lastUpdateDate": None}
    _service(state, "/email/mxplan", service, domains, usual | fields)


def email_pro(state: State, service: str, *domains: Attached | str, **fields: Any) -> None:
    _service(state, "/email/pro", service, domains, {"offer": "emailpro"} | fields)


def exchange(
    state: State, organization: str, service: str, *domains: Attached | str, **fields: Any
) -> None:
    if organization not in state.answers["/email/exchange"]:
        state.answers["/email/exchange"].append(organization)
        state.answers[f"/email/exchange/{organization}/service"] = []
    path = f"/email/exchange/{organization}/service"
    _service(state, path, service, domains, {"offer": "hosted"} | fields)
    state.answers[f"{path}/{service}/protocol"] = {"IMAP": True, "POP": True, "webMail": True}
    state.answers[f"{path}/{service}/server"] = {"commercialVersion": "2019", "ip": "192.0.2.1"}


def _service(
    state: State, family: str, service: str, domains: Iterable[Attached | str], fields: Any
) -> None:
    """What MX Plan, Email Pro and Exchange have alike."""
    path = f"{family}/{service}"
    state.answers[family].append(service)
    state.answers[path] = {
        "domain": service,
        "displayName": None,
        "hostname": None,
        "webUrl": None,
        "state": "ok",
        "taskPendingId": 0,
        "somethingNew": ["2027"],
        **fields,
    }
    state.answers[f"{path}/domain"] = []
    state.answers[f"{path}/account"] = []
    for each in domains:
        _attach(state, path, each if isinstance(each, Attached) else Attached(each))


def _attach(state: State, path: str, domain: Attached) -> None:
    state.answers[f"{path}/domain"].append(domain.name)
    state.answers[f"{path}/domain/{domain.name}"] = {
        "name": domain.name,
        "type": "authoritative",
        "state": "ok",
        "domainValidated": True,
        "isAliasDomain": False,
        "domainAliases": [],
        "mxIsValid": True,
        "mxRecord": [],
        "expectedMX": [],
        "srvIsValid": False,
        "srvRecord": [],
        "expectedAutodiscoverSRV": None,
        "expectedSPF": None,
        "spfIsValid": True,
        "spfRecord": [],
        "mxRelay": None,
        "cnameToCheck": None,
        "taskPendingId": 0,
        "somethingNew": False,
        **domain.fields,
    }
    for address in domain.accounts:
        state.answers[f"{path}/account"].append(address)
        login, _, part = address.partition("@")
        state.answers[f"{path}/account/{address}"] = {
            "primaryEmailAddress": address,
            "login": login,
            "domain": part,
            "state": "ok",
            "configured": part != "configureme.me",
        }


def zimbra(state: State, *domains: "ZimbraDomain", **fields: Any) -> str:
    """A platform, by its id. `fields`: of the platform itself."""
    platforms = state.answers["/v2/zimbra/platform"]
    platform = UUID.format(len(platforms) + 1)
    path = f"/v2/zimbra/platform/{platform}"
    entry = _resource(platform, name="", description=None, quota=None, accountsStatistics=[])
    platforms.append(entry | fields)
    state.answers[path] = platforms[-1]
    state.answers[f"{path}/domain"] = []
    state.answers[f"{path}/account"] = []
    for number, domain in enumerate(domains, 1):
        _add_zimbra_domain(state, path, UUID.format(100 + number), domain)
    return platform


@dataclass
class ZimbraDomain:
    """`accounts`: the level of each, by its address; STARTER or PRO."""

    name: str
    accounts: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)


def _add_zimbra_domain(state: State, path: str, identifier: str, domain: ZimbraDomain) -> None:
    levels = [*domain.accounts.values()]
    counts = {level: levels.count(level) for level in ("STARTER", *levels)}
    statistics = [
        {"offer": level, "configuredAccountsCount": count, "availableAccountsCount": 0}
        for level, count in counts.items()
    ]
    entry = _resource(
        identifier,
        name=domain.name,
        status="READY",
        organizationId=None,
        organizationLabel=None,
        accountsStatistics=statistics,
        expectedDNSConfig=None,
    )
    status = domain.fields.pop("resourceStatus", "READY")
    entry["resourceStatus"] = status
    entry["currentState"] |= domain.fields
    state.answers[f"{path}/domain"].append(entry)
    state.answers[f"{path}/domain/{identifier}"] = entry
    for number, (address, level) in enumerate(domain.accounts.items(), 1):
        account = _resource(
            f"{identifier[:-12]}{number:012x}",
            email=address,
            domainId=identifier,
            offer=level,
            slotId=None,
        )
        state.answers[f"{path}/account"].append(account)


def _resource(identifier: str, **current: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "resourceStatus": "READY",
        "currentState": current | {"somethingNew": None},
        "currentTasks": [],
        "targetSpec": {},
        "iam": {"id": identifier, "urn": f"urn:v1:eu:resource:zimbra:{identifier}"},
    }
