"""The operator's configuration: which domains and addresses are at which OVH service.

Reading it finds every mistake in one go; the result is a table of names, which is only looked up.
`deploy/autoconfig.example.toml` shows and explains every key.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoconfig.config.served import Served
from autoconfig.config.services import BESIDE, ServiceEntry, ServiceReader, claim
from autoconfig.config.settings import (
    SERVICE,
    CheckedSettings,
    NameServer,
    Network,
    Settings,
    read_settings,
)
from autoconfig.config.signing import Signing, read_signing
from autoconfig.offers.catalogue import Catalogue, incomplete, load_catalogue, read_catalogue
from autoconfig.problems import MOST_SAID, ConfigurationError, Problem
from autoconfig.typed_toml import closest_keys, parse_toml, read_text, read_toml

if TYPE_CHECKING:
    from autoconfig.sign.identity import Identity

DEFAULT_PATH = Path("autoconfig.toml")
ENVIRONMENT_VARIABLE = "AUTOCONFIG_CONFIG"


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration, checked.

    `base_url`: an https address of this server without final slash, or None. `trusted_proxies`:
    the networks whose `X-Forwarded-*` headers count. `catalogue`: the offers, with the operator's
    own. `services`: how many tables there are. `warnings`: what works but is doubtful. `detect`:
    whether the DNS is asked about a domain that is in no service. `resolvers`: the name servers to
    ask; none for the system's. `generator`: whether there is a form that writes files for people
    without a server. `identity`: what signs Apple profiles; None if nothing does.
    """

    served: Served
    base_url: str | None
    trusted_proxies: tuple[Network, ...]
    catalogue: Catalogue
    services: int = 0
    warnings: tuple[Problem, ...] = ()
    detect: bool = False
    resolvers: tuple[NameServer, ...] = ()
    generator: bool = False
    identity: "Identity | None" = None


def config_path(flag: Path | None) -> Path:
    """The path of the configuration: the flag, else the environment, else `autoconfig.toml`."""
    return flag or Path(os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_PATH)


def load_config(
    path: Path, text: str | None = None, *, needs_service: bool = True, signs: bool = True
) -> Config:
    """Read and check the file.

    `text`: what it is to hold, if that is not what it holds. `needs_service`: whether one without
    any service is a mistake. `signs`: whether the key of `[sign]` is read, which only the user that
    serves may be able to. Each step returns a value and its problems. Raises
    `ConfigurationError` with every mistake, in the order of the file: file, line or table, key,
    what was found and what to write instead.
    """
    tables = read_toml(path, _absent(path)) if text is None else parse_toml(text, path)
    service_tables = _service_tables(tables)
    others = {key: each for key, each in tables.items() if key != SERVICE}
    settings, faults = read_settings(others)
    catalogue, offer_faults = _catalogue(path, settings)
    signing = read_signing(path, settings.sign) if signs and settings.sign else Signing()
    reader = ServiceReader(path, catalogue)
    entries = [*_entries(reader, service_tables)]
    served, name_faults = claim(entries)
    problems = [
        *(fault.within(str(path)) for fault in faults),
        *offer_faults,
        *signing.problems,
        *name_faults,
    ]
    needs_service &= not settings.detect
    if needs_service and all(each == [] for each in service_tables.values()):
        message = (
            "there is no [[service]]: add one for each OVH service, with its domains; "
            "or write `detect = true`, to have their DNS asked"
        )
        problems.append(Problem(str(path), message))
    if problems:
        raise ConfigurationError(problems)
    warnings = tuple(warning for entry in entries for warning in entry.warnings)
    warnings += signing.warnings
    return Config(
        served,
        settings.base_url,
        settings.trusted_proxies,
        catalogue,
        len(entries),
        warnings,
        settings.detect,
        settings.resolvers,
        settings.generator,
        signing.identity,
    )


def _absent(path: Path) -> str:
    """The advice if there is no such file: why this one was looked for, and how to have one."""
    way = f" in {Path.cwd()}" if not path.is_absolute() else ""
    if path == Path(os.environ.get(ENVIRONMENT_VARIABLE) or ""):
        way += f", where {ENVIRONMENT_VARIABLE} leads"
    return (
        f"{way}: write one, with a [[{SERVICE}]] for each OVH service, or name yours by --config "
        f"or {ENVIRONMENT_VARIABLE}; `show` and `export` take --offer in place of one"
    )


def _entries(reader: ServiceReader, tables: Mapping[str, object]) -> Iterator[ServiceEntry]:
    """Each `[[service]]` table, read; no more after `MOST_SAID` mistakes."""
    mistakes = 0
    for entry in (entry for pair in tables.items() for entry in reader.read(*pair)):
        yield entry
        mistakes += len(entry.problems)
        if mistakes > MOST_SAID:
            return


def _service_tables(tables: Mapping[str, Any]) -> dict[str, object]:
    """The values under `service`, and under a key that is meant to be it, such as `services`."""
    guesses = closest_keys(tables, Settings.__struct_fields__, [SERVICE])
    return {
        key: each
        for key, each in tables.items()
        if key == SERVICE or (guesses.get(key) == SERVICE and isinstance(each, (list, dict)))
    }


def _catalogue(path: Path, settings: CheckedSettings) -> tuple[Catalogue, list[Problem]]:
    """The offers, with those of the operator's file as far as that is right."""
    if settings.offers_in_doubt:
        return incomplete(load_catalogue()), []
    if settings.offers_file is None:
        return load_catalogue(), []
    file = path.parent / settings.offers_file
    try:
        read_text(file, BESIDE)
    except ConfigurationError as error:
        problems = [problem.within(f"{path}: offers_file") for problem in error.problems]
        return incomplete(load_catalogue()), problems
    return read_catalogue(file)
