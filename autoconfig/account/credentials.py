"""The keys to an account, where OVHcloud's client library looks for them.

These are `OVH_…` variables, `./ovh.conf`, `~/.ovh.conf` and `/etc/ovh.conf`, so those who have keys
for Terraform, lego or certbot need no others. What the library would take in silence, or would say
in a way that helps nobody, is found out here, before the first call.
"""

import configparser
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from autoconfig.account.refusals import NotInstalled, Unusable
from autoconfig.problems import quoted

REGIONS: Mapping[str, str] = {"ovh-eu": "eu", "ovh-ca": "ca"}
"""The region of each endpoint that has mail services and DNS zones, by the library's names."""
WITHOUT_MAIL = "ovh-us"
FILES = "./ovh.conf, ~/.ovh.conf or /etc/ovh.conf"

TIME_LIMITS = (5, 30)
"""Seconds for a connection, and between two packets of an answer; the library's own are 180."""

_NAMES = ("application_key", "application_secret", "consumer_key", "client_id", "client_secret")
_URL = re.compile(
    r"(https://[\w.-]+|http://(localhost|127\.0\.0\.1|\[::1\]))(:\d{1,5})?(/[\w.-]+)*/1\.0",
    re.ASCII,
)
"""An endpoint on whose way nobody can read or change what is sent: https, or loopback."""
_KEY = re.compile(r"[!#-&(-~]+")
"""Visible ASCII without quotes: in `ovh.conf`, quotes would become part of a key."""


def open_client() -> tuple[Any, str]:
    """The library's client with the keys that are here, and the region.

    Nothing is asked yet. The library is unchanged, but for an endpoint that is a URL: that joins
    its table of endpoints. Raises `NotInstalled` or `Unusable`.
    """
    ovh = _library()
    with _readable_files(), _without_empty_variables():
        settings = ovh.config.ConfigurationManager()
        endpoint, region = _endpoint(settings.get("default", "endpoint"), ovh.client.ENDPOINTS)
        _require_keys({name: settings.get(endpoint, name) for name in _NAMES}, endpoint)
        try:
            return ovh.client.Client(endpoint, timeout=TIME_LIMITS), region
        except ovh.exceptions.APIError as error:  # half of a pair, or both pairs
            raise Unusable(str(error)) from None


def _library() -> Any:
    """OVHcloud's client library, which parses the files of keys when it is imported."""
    with _readable_files():
        try:
            import ovh.client  # noqa: PLC0415  # other commands do without
        except ImportError:
            message = "the client library of OVHcloud is missing"
            raise NotInstalled(f"{message}: {_how_to_install()}") from None
    return ovh


def _how_to_install() -> str:
    """What adds the library to where the program is: pipx and uv may make places without pip."""
    if find_spec("pip") is None:
        return "install the program again, as FOLDER[ovh], where FOLDER is its folder"
    command = shlex.join([sys.executable, "-m", "pip", "install", ".[ovh]"])
    return f"in the folder of this program, run {command}"


@contextmanager
def _readable_files() -> Iterator[None]:
    """Raise `Unusable` for a file that is no configuration, without its text: that has secrets."""
    try:
        yield
    except configparser.Error as error:
        place, line = getattr(error, "source", FILES), getattr(error, "lineno", None)
        where = f"{place}: line {line}" if line else place
        message = "is not as the library wants it: write [ovh-eu], and NAME=VALUE in lines below it"
        raise Unusable(f"{where} {message}") from None
    except UnicodeDecodeError:
        raise Unusable(f"{FILES} is not UTF-8; save it as UTF-8") from None


@contextmanager
def _without_empty_variables() -> Iterator[None]:
    """Hide variables that are set to nothing, which the library takes for given."""
    empty = {
        name: "" for name, value in os.environ.items() if name.startswith("OVH_") and not value
    }
    for name in empty:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(empty)


def _endpoint(name: str | None, known: MutableMapping[str, str]) -> tuple[str, str]:
    """The endpoint as `known` has it, and its region. A URL is added to `known`, as go-ovh does."""
    if name is not None and name in REGIONS:
        return name, REGIONS[name]
    wanted = f"write {' or '.join(REGIONS)}"
    if name is None:
        message = f"{wanted} as endpoint= below [default] in {FILES}, or set OVH_ENDPOINT"
        raise Unusable(f"no endpoint is named: {message}")
    if name == WITHOUT_MAIL:
        raise Unusable(f"{name} has neither mail services nor domains: {wanted} as endpoint")
    url = re.sub(r"/v1$", "/1.0", name.rstrip("/"))
    if not _URL.fullmatch(url):
        raise Unusable(f"{quoted(name)} is no endpoint: {wanted}")
    known[name] = url
    return name, next((area for each, area in REGIONS.items() if known[each] == url), "eu")


def _require_keys(found: Mapping[str, str | None], endpoint: str) -> None:
    """Raise `Unusable` for keys that cannot be right; the rest the library finds out."""
    for name, value in found.items():
        if value is not None and not _KEY.fullmatch(value):
            message = "is empty, in quotes, or has a space in it: write it as it was given"
            raise Unusable(f"{name} of {endpoint} {message}")
    if not any(found.values()):
        message = f"neither in variables OVH_APPLICATION_KEY… nor below [{endpoint}] in {FILES}"
        raise Unusable(f"no keys are there for {endpoint}: {message}")
    if found["application_key"] and not found["consumer_key"]:
        message = "an application key alone opens nothing: add the consumer_key that came with it"
        raise Unusable(f"no consumer key is there for {endpoint}: {message}")
