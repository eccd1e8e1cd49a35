"""Paths, methods and the other headers."""

import pytest
from flask import Flask

from tests.support.asking import Environ, answered, post
from tests.support.hostile import LONG, MARKUP
from tests.support.requests import DAV, EVERY_URL, MOZILLA, POX, SOAP, V2, pox, raw
from tests.support.tables import table


@pytest.mark.parametrize(
    "path",
    table(
        {
            "CR LF": "/x\r\nSet-Cookie: a=b",
            "NUL": "/x\0",
            "NUL after a path of ours": f"{MOZILLA}\0",
            "blank after a path of ours": f"{POX} ",
            "markup": f"/{MARKUP}",
            "markup under /mail/": f"/mail/{MARKUP}",
            "markup under /autodiscover/": f"/autodiscover/{MARKUP}",
            "markup in capitals": f"/AUTODISCOVER/{MARKUP.upper()}",
            "markup after the JSON path": f"{V2}{MARKUP}",
            "dots": "/mail/../../etc/passwd",
            "dots to a path of ours": f"/x/..{MOZILLA}",
            "encoded dots": "/%2e%2e/%2e%2e/etc/passwd",
            "backslashes": "/..\\..\\etc\\passwd",
            "overlong dots": "/\xc0\xae\xc0\xae/etc/passwd",
            "no UTF-8": "/\xff\xfe",
            "no UTF-8 under /autodiscover/": "/autodiscover/\xff\xfe",
            "surrogate": "/\xed\xa0\x80",
            "bidirectional": raw("/mail/\u202elmx.1.1v-gifnoc"),
            "parameters of a path": f"{MOZILLA};x=y",
            "slash at the end": f"{MOZILLA}/",
            "slash at the end under /autodiscover/": f"{POX}/",
            "slashes inside": "/mail//config-v1.1.xml",
            "capitals": MOZILLA.upper(),
            "Kelvin sign": raw("/autodis\u212aover/autodiscover.xml"),
            "long s": raw("/autodi\u017fcover/autodiscover.xml"),
            "long": "/" + "x" * LONG,
            "long under /autodiscover/": "/autodiscover/" + "x" * LONG,
            "many slashes": "/x" + "/" * LONG,
            "address": "/alice@example.com",
            "file of ours": "/autoconfig/offers.toml",
            "attack on others": "/.git/config",
            "known attack": f"{V2}@evil.example/owa",
            "template": "/{{7*7}}",
            "placeholder of the route": "/autodiscover/autodiscover.json/v1.0/",
        }
    ),
)
def test_hostile_path_is_not_found(app: Flask, path: str) -> None:
    assert answered(app, path).status == 404


@pytest.mark.parametrize(
    ("path", "like"),
    table(
        {
            "empty": ("", "/"),
            "two slashes": ("//", "/"),
            "two slashes before a path of ours": (f"/{MOZILLA}", MOZILLA),
            "absolute form": (f"http://example.com{MOZILLA}", "/http"),
            "asterisk": ("*", "/*"),
            "no slash": ("mail/config-v1.1.xml", MOZILLA),
            "slashes for an address": (f"{V2}/v1.0///", V2),
            "CR LF in an address": (f"{V2}/v1.0/alice@example.com\r\nX: y", V2),
        }
    ),
)
def test_path_of_an_odd_form_is_answered_in_some_way(app: Flask, path: str, like: str) -> None:
    answered(app, path, like=like)


@pytest.mark.parametrize(
    "path", [POX.upper(), "/AutoDiscover/AutoDiscover.Xml", "/aUTODISCOVER/autodiscover.XML"]
)
def test_letter_case_of_an_autodiscover_path_does_not_matter(app: Flask, path: str) -> None:
    assert answered(app, path, method="POST", body=pox().encode()).status == 200


@pytest.mark.parametrize("path", EVERY_URL)
@pytest.mark.parametrize(
    "method",
    table(
        {
            "unknown": "HOSTILE",
            "lower case": "delete",
            "lower case of one that is taken": "get",
            "capital letter of one that is taken": "Get",
            "capital letters but one of one that is taken": "HEAd",
            "blank after": "GET ",
            "tab before": "\tGET",
            "NUL after": "GET\0",
            "two": "GET,GET",
            "dotless i": "OPT\u0131ONS".encode().decode("latin-1"),
            "long": "A" * LONG,
            "empty": "",
            "markup": MARKUP,
            "CR LF": "GET\r\nX: y",
            "address": "alice@example.com",
            "no ASCII": "G\xcbT",
            **{name: name for name in ("PUT", "DELETE", "TRACE", "CONNECT", "PROPPATCH", "PATCH")},
        }
    ),
)
def test_method_that_is_not_taken_names_those_that_are(app: Flask, path: str, method: str) -> None:
    reply = answered(app, path, method=method)
    more = {POX: "POST", SOAP: "POST", **dict.fromkeys(DAV, "PROPFIND")}.get(path, "GET")
    allowed = {"GET", "HEAD", "OPTIONS", more}
    assert (reply.status, set(reply.headers["Allow"].split(", "))) == (405, allowed)


@pytest.mark.parametrize("path", EVERY_URL)
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_head_and_options_are_answered_without_a_body(app: Flask, path: str, method: str) -> None:
    assert answered(app, path, method=method).body == b""


@pytest.mark.parametrize(
    "environ",
    table(
        {
            "HTTP/1.0 without Host": {"SERVER_PROTOCOL": "HTTP/1.0", "HTTP_HOST": None},
            "no client address": {"REMOTE_ADDR": None},
            "empty client address": {"REMOTE_ADDR": ""},
            "client address of junk": {"REMOTE_ADDR": "<hostile/>"},
            "client on IPv6 with scope": {"REMOTE_ADDR": "fe80::1%eth0"},
            "client on mapped IPv6": {"REMOTE_ADDR": "::ffff:203.0.113.9"},
            "content type of junk": {"CONTENT_TYPE": "<hostile/>; charset=\xff"},
            "content type of a form": {"CONTENT_TYPE": "multipart/form-data; boundary=x"},
            "content type of another charset": {"CONTENT_TYPE": "text/xml; charset=UTF-7"},
            "content encoding": {"HTTP_CONTENT_ENCODING": "gzip"},
            "cookies of junk": {"HTTP_COOKIE": f"session={MARKUP}; =;;; \xff=\xff"},
            "language of junk": {"HTTP_ACCEPT_LANGUAGE": f"{MARKUP};q=\xff,,,;q=x"},
            "authorization of junk": {"HTTP_AUTHORIZATION": "Basic \xff:"},
            "validators of junk": {
                "HTTP_IF_NONE_MATCH": f'W/"{MARKUP}", "\xff',
                "HTTP_IF_MODIFIED_SINCE": MARKUP,
                "HTTP_IF_RANGE": '"',
            },
            "ranges of junk": {"HTTP_RANGE": "bytes=-0,9-1,999999999999999999999-"},
            "long header": {"HTTP_USER_AGENT": MARKUP * LONG},
            "schemes of junk": {"wsgi.url_scheme": "<hostile/>"},
        }
    ),
)
def test_hostile_header_does_not_change_the_answer(app: Flask, environ: Environ) -> None:
    reply = post(app, pox(), environ)
    assert (reply.status, reply.logins) == (200, {"alice@example.com"})


@pytest.mark.parametrize("path", EVERY_URL)
def test_upgrade_to_another_protocol_is_no_failure(app: Flask, path: str) -> None:
    answered(app, path, environ={"HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade"})
