"""Requests that a running server answers as the application does in its own process."""

from autoconfig.answers.endpoints import ENDPOINTS, Kind
from autoconfig.answers.pox_request import MAX_BODY
from tests.support.requests import DAV, MOZILLA, POX, V2
from tests.support.serving import LOOPBACK, POX_BODY, Asked, asked

METHODS = (
    *("GET", "HEAD", "POST", "OPTIONS", "PROPFIND"),
    *("PUT", "PATCH", "DELETE", "TRACE", "BREW", "get", "Head"),
)

QUESTIONS = [
    *(
        asked(method, endpoint.path.replace("<address>", f"alice@{host}"), f"autodiscover.{host}")
        for endpoint in ENDPOINTS
        for method in METHODS
        for host in ("example.com", "exchange.example", "unknown.example")
        if endpoint.kind is not Kind.METRICS  # which differ from one answer to the next
    ),
    asked("GET", f"{MOZILLA}?emailaddress=alice@example.com", "any.example", 200),
    asked("GET", MOZILLA, "www.example.com", 200),
    asked("GET", f"{POX}?domain=example.com", "any.example", 200),
    asked("PROPFIND", DAV[0], "zimbra.example", 302),
    asked("GET", "/", LOOPBACK, 200),
    asked("GET", "/?emailaddress=alice@example.com", "any.example", 200),
    asked("GET", "/?emailaddress=alice@unknown.example", status=404),
    Asked("GET", "/", {"Host": "example.com", "Accept-Language": "fr"}, status=200),
    asked("GET", f"{V2.upper()}?Email=a@exchange.example&Protocol=EWS", status=200),
    Asked("POST", POX, {"Host": "example.com"}, POX_BODY.ljust(MAX_BODY), 200),
    Asked("POST", POX, {"Host": "example.com"}, POX_BODY.ljust(MAX_BODY + 1), 413),
    Asked("POST", POX, {"Host": "example.com"}, POX_BODY.ljust(MAX_BODY + 2), 413),
    Asked("POST", POX, {"Host": "example.com"}, b"", 400),
    Asked("POST", POX, {"Host": "exchange.example"}, b"", 302),
    Asked("POST", POX, {"Host": "example.com"}, POX_BODY[:-1], 400),
    asked("GET", f"{MOZILLA}?emailaddress=alice", status=400),
    Asked("GET", MOZILLA, {"Host": "example.com", "If-None-Match": "*"}, status=304),
    Asked("HEAD", MOZILLA, {"Host": "example.com", "If-None-Match": "*"}, status=304),
    Asked("GET", POX, {"Host": "example.com", "X-Forwarded-Proto": "http"}, status=302),
    asked("POST", POX.replace("xml", "svc"), "exchange.example", 302),
    asked("GET", "/nothing", status=404),
    asked("POST", "/mail//config-v1.1.xml", status=404),
    asked("GET", "/%ff%00%0d%0a/", status=404),
    asked("PUT", MOZILLA, status=405),
    asked("OPTIONS", MOZILLA, status=204),
]
