"""A client's request, and the names in it.

Clients ask in odd ways: without address, in capitals, with a raw `+`, with the placeholder not
filled in. This module reads what they mean, and raises a `ClientError` for the rest.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import unquote_plus

from autoconfig.config.load import Config
from autoconfig.errors import MalformedAddress, NotServed
from autoconfig.names import HOST_PREFIXES, Domain, EmailAddress, mail_domain, parse_domain
from autoconfig.problems import InvalidName

MACHINE_HOST = re.compile(r"[A-Za-z0-9_-]+|[0-9]+(?:\.[0-9]+){3}|\[[0-9A-Fa-f:.]+\]")
"""A host that is no name in the DNS: an IP address, or one word such as `localhost`."""


class Request(NamedTuple):
    """A request, without a web framework.

    `host`: the `Host` header. `query_string`: as WSGI has it, bytes read as Latin-1. `read_body`
    raises `BodyTooLarge`. `plain_http`: a trusted proxy says that the client came without TLS.
    `local`: the request came from a trusted address and was not forwarded. `path_address`: the
    address in the path, where the URL has one. `accept_language`, `user_agent`: the headers of
    these names.
    """

    method: str
    host: str
    query_string: str
    read_body: Callable[[], bytes]
    plain_http: bool = False
    local: bool = False
    path_address: str | None = None
    accept_language: str = ""
    user_agent: str = ""

    def parameter(self, name: str | None) -> str:
        """The first value of a query parameter, or nothing. Letter case of its name does not count.

        Bytes that are no UTF-8 are replaced.
        """
        text = self.query_string
        if not text.isascii():
            text = text.encode("latin-1", errors="replace").decode(errors="replace")
        for pair in text.split("&"):
            key, _, value = pair.partition("=")
            if key == name or unquote_plus(key).lower() == name:
                return unquote_plus(value)
        return ""

    def address(self, parameter: str | None) -> EmailAddress | None:
        """The address in the path or in a query parameter; None where it is absent.

        Nextcloud, FairEmail and Pimalaya send `+` as it is, which a form decoder reads as a space.
        Raises `MalformedAddress`.
        """
        text = (self.path_address or self.parameter(parameter)).strip()
        return None if text in ("", "%EMAILADDRESS%") else parse_address(text.replace(" ", "+"))

    def host_domain(self, config: Config) -> Domain:
        """The domain that the host name stands for. Raises `NotServed`, as `domain_of_host`."""
        return domain_of_host(self.host_name, config)

    def domain(self, parameter: str | None) -> Domain | None:
        """The domain in a query parameter; None where it is absent. Raises `NotServed`."""
        text = self.parameter(parameter).strip()
        try:
            return parse_domain(text) if text else None
        except InvalidName:
            raise NotServed from None

    def own_url(self, path: str, domain: Domain, config: Config) -> str:
        """An https URL of this server: the operator's base, else under the name that was asked.

        A host name that is none of ours may be forged, and is not repeated; nor is the DNS asked
        about it. `domain`: one that has a service.
        """
        if config.base_url:
            return config.base_url + path
        with suppress(NotServed):
            meant = self.host_domain(config)
            if meant == domain or config.served.serves(meant):
                return f"https://{self.host_name}{path}"
        return f"https://autodiscover.{domain}{path}"

    @property
    def host_name(self) -> Domain:
        """The host name in its one form, without port. Raises `NotServed` if it is none."""
        try:
            return parse_domain(self._host_alone)
        except InvalidName:
            raise NotServed from None

    @property
    def is_for_the_machine(self) -> bool:
        """Whether the host is an address of the machine, and so no mail domain's."""
        return MACHINE_HOST.fullmatch(self._host_alone) is not None

    @property
    def _host_alone(self) -> str:
        return re.sub(r":[0-9]*\Z", "", self.host)


def domain_of_host(name: Domain, config: Config) -> Domain:
    """The domain that a host name stands for: itself, else without our prefix, else without `www.`.

    `autoconfig.fr` may be a domain. A domain of which we serve all stands above one of which we
    serve single addresses, and one that is configured above one that the DNS is asked about. Raises
    `NotServed` if the DNS is not to be asked.
    """
    served = config.served
    prefix = next((each for each in HOST_PREFIXES if name.startswith(each)), "")
    bare = Domain(name.removeprefix(prefix))
    meanings = (name, bare, Domain(bare.removeprefix("www.")))
    for known in (served.domains, served.mailbox_domains):
        for domain in meanings:
            if domain in known:
                return domain
    if config.detect:
        return mail_domain(name)
    raise NotServed(domain=bare)


def parse_address(text: str) -> EmailAddress:
    """An address as a client wrote it. Raises `MalformedAddress`."""
    try:
        return EmailAddress.parse(text)
    except InvalidName:
        raise MalformedAddress from None
