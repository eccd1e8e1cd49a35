"""Answers for those who run the server: health, metrics, and Caddy's on-demand TLS check."""

from dataclasses import replace

from autoconfig.answers.answer import Answer, State
from autoconfig.answers.endpoints import Endpoint
from autoconfig.answers.request import Request
from autoconfig.documents.text import TEXT
from autoconfig.errors import Busy, NotFound, NotServed
from autoconfig.names import CERTIFIED_PREFIXES, Domain

PROMETHEUS = replace(TEXT, media_type="text/plain; version=0.0.4; charset=utf-8")


def health(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """`ok`: a server without a configuration does not answer at all."""
    return Answer(b"ok\n", TEXT)


def ready(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """`ok`, for load balancers. Raises `Busy` once the server has been told to stop."""
    if state.metrics.stopping:
        raise Busy
    return Answer(b"ok\n", TEXT)


def metrics(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """Prometheus' text format, for this machine alone. Raises `NotFound` for anybody else."""
    if not request.local:
        raise NotFound
    return Answer(state.metrics.text(), PROMETHEUS)


def ask(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """Whether a name is `autoconfig.` or `autodiscover.` of a served domain, or that of `base_url`.

    Caddy asks this before it gets a certificate for a name ("on-demand TLS"). A question through a
    proxy is refused, so nobody outside can list our domains. Raises `NotServed`; `LookUpFailed` or
    `Busy`, which Caddy takes for a no.
    """
    if not request.local:
        raise NotFound
    name = request.domain(endpoint.parameter) or ""
    prefix = next((each for each in CERTIFIED_PREFIXES if name.startswith(each)), None)
    domain = Domain(name.removeprefix(prefix or ""))
    if name != state.base_host and not (prefix and _is_ours(name, domain, state)):
        raise NotServed(domain=domain or None)
    return Answer(b"yes\n", TEXT, domain=domain)


def _is_ours(name: str, domain: Domain, state: State) -> bool:
    """Whether the domain is configured; else whether the DNS tells its service, and leads to us.

    If it need not lead to us, strangers could use up the certificates that an authority grants us.
    """
    if state.config.served.serves(domain):
        return True
    detector = state.detector
    if detector is None or "." not in domain or detector.find(domain) is None:
        return False
    return detector.leads_to_us(Domain(name), state.base_host)
