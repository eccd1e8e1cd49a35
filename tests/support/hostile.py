"""Hostile input that the tests of the application, of exported files and of fuzzing share."""

import re
from collections.abc import Callable, Mapping

from autoconfig.answers.pox_request import MAX_BODY
from tests.support.requests import (
    MOBILESYNC,
    OUTLOOK,
    OUTLOOK_ANSWER,
    declared,
    pox,
    quoted,
    raw,
)

SECRET = "content-of-the-entity"  # noqa: S105  # not a password: what no answer may hold
MARKUP = "<hostile/>"
LONG = 10_000

LAUGHS = '<!ENTITY l0 "lol">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)

DOCTYPES = {
    "file": ('<!DOCTYPE a [<!ENTITY x SYSTEM "FILE">]>', "&x;@example.com"),
    "http": ('<!DOCTYPE a [<!ENTITY x SYSTEM "HTTP">]>', "&x;@example.com"),
    "public identifier": ('<!DOCTYPE a [<!ENTITY x PUBLIC "-//x//x" "HTTP">]>', "&x;@example.com"),
    "file as external subset": ('<!DOCTYPE a SYSTEM "FILE">', "alice@example.com"),
    "http as external subset": ('<!DOCTYPE a SYSTEM "HTTP">', "alice@example.com"),
    "http as public subset": ('<!DOCTYPE a PUBLIC "-//x//x" "HTTP">', "alice@example.com"),
    "parameter entity from http": (
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "HTTP"> %p;]>',
        "alice@example.com",
    ),
    "parameter entity from file": (
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "FILE"> %p;]>',
        "alice@example.com",
    ),
    "parameter entity that makes an entity": (
        f"<!DOCTYPE a [<!ENTITY % p '<!ENTITY x \"{SECRET}\">'> %p;]>",
        "&x;@example.com",
    ),
    "internal entity": (f'<!DOCTYPE a [<!ENTITY x "{SECRET}">]>', "&x;@example.com"),
    "internal entity with an element": (
        f'<!DOCTYPE a [<!ENTITY x "<b>{SECRET}</b>">]>',
        "&x;@example.com",
    ),
    "entity redefines amp": ('<!DOCTYPE a [<!ENTITY amp "&#38;#38;">]>', "a&amp;b@example.com"),
    "billion laughs": (f"<!DOCTYPE a [{LAUGHS}]>", "&l9;@example.com"),
    "billion laughs in an attribute": (
        f"<!DOCTYPE a [{LAUGHS}]>",
        'alice@example.com<b c="&l9;"/>',
    ),
    "billion laughs as a default value": (
        f'<!DOCTYPE a [{LAUGHS}<!ATTLIST EMailAddress c CDATA "&l9;">]>',
        "alice@example.com",
    ),
    "quadratic blow-up": (
        f'<!DOCTYPE a [<!ENTITY x "{"x" * 300}">]>',
        f"{'&x;' * 300}@example.com",
    ),
    "entity of itself": ('<!DOCTYPE a [<!ENTITY x "&x;">]>', "&x;@example.com"),
    "entities of each other": (
        '<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]>',
        "&x;@example.com",
    ),
    "notation": (
        '<!DOCTYPE a [<!NOTATION n SYSTEM "HTTP"><!ENTITY x SYSTEM "FILE" NDATA n>]>',
        "alice@example.com",
    ),
    "default of the address": (
        f'<!DOCTYPE a [<!ATTLIST EMailAddress c CDATA "{SECRET}">]>',
        "alice@example.com",
    ),
    "nothing in it": ("<!DOCTYPE Autodiscover>", "alice@example.com"),
    "nothing in its brackets": ("<!DOCTYPE Autodiscover []>", "alice@example.com"),
    "after a comment": ("<!-- x --><!DOCTYPE Autodiscover>", "alice@example.com"),
    "in lower case": ("<!doctype Autodiscover>", "alice@example.com"),
}


def utf_7(text: str) -> bytes:
    """Every `<` and `&` in base 64, so that no byte of markup stands after the declaration."""
    hidden = text.replace("+", "+-").replace("&", "+ACY-").replace("<", "+ADw-")
    return declared("UTF-7", hidden).encode()


ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "UTF-16LE": lambda text: declared("UTF-16", text).encode("utf-16-le"),
    "UTF-16BE": lambda text: declared("UTF-16", text).encode("utf-16-be"),
    "UTF-16LE with BOM": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16BE with BOM": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-32LE": lambda text: b"\xff\xfe\0\0" + text.encode("utf-32-le"),
    "UTF-32BE": lambda text: b"\0\0\xfe\xff" + text.encode("utf-32-be"),
    "UTF-7": utf_7,
    "EBCDIC": lambda text: declared("IBM037", text).encode("cp037"),
    "ISO-2022-JP with an escape in the word": lambda text: declared(
        "ISO-2022-JP", text.replace("DOCTYPE", "DOC\x1b(BTYPE")
    ).encode(),
    "HZ with a broken line in the word": lambda text: declared(
        "HZ-GB-2312", text.replace("DOCTYPE", "DOC~\nTYPE")
    ).encode(),
    "Latin-1 said to be UTF-16": lambda text: declared("UTF-16", text).encode("latin-1"),
    "an unknown one": lambda text: declared("x-hostile", text).encode(),
}

BAD_XML: Mapping[str, bytes] = {
    "empty": b"",
    "blanks": b" \r\n\t ",
    "as many blanks as fit": b" " * MAX_BODY,  # minutes, if they are tried in every division
    "as many blanks as fit, and a tag": b"<Autodiscover".rjust(MAX_BODY),
    "as many blanks as fit in a tag": b"<Autodiscover".ljust(MAX_BODY),
    "BOM alone": b"\xef\xbb\xbf",
    "half a BOM": b"\xff",
    "two BOMs": b"\xef\xbb\xbf" + pox().encode("utf-8-sig"),
    "NULs": b"\0" * 100,
    "NUL in the address": pox("alice\0@example.com").encode(),
    "NUL after the end": pox().encode() + b"\0",
    "every byte": bytes(range(256)),
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0",
    "JSON": b'{"EMailAddress": "alice@example.com"}',
    "HTML": b"<!doctype html><p>hello",
    "form": b"EMailAddress=alice%40example.com",
    "declaration alone": b'<?xml version="1.0"?>',
    "comment alone": b"<!-- x -->",
    "truncated": pox().encode()[:-5],
    "text after the end": pox().encode() + b"x",
    "twice": pox().encode() * 2,
    "UTF-16 with half a character": pox().encode("utf-16")[:-1],
    "UTF-16 without its first byte": pox().encode("utf-16")[1:],
    "UTF-16 said to be UTF-8": b"\xff\xfe" + pox().encode(),
    "overlong UTF-8": pox("alice\0\0@example.com").encode().replace(b"\0\0", b"\xc0\xbc"),
    "surrogate in UTF-8": pox("alice\0@example.com").encode().replace(b"\0", b"\xed\xa0\x80"),
    "UTF-8 beyond Unicode": pox("a\0@example.com").encode().replace(b"\0", b"\xf4\x90\x80\x80"),
    "unpaired surrogate in UTF-16": pox("a\ud800@example.com").encode("utf-16", "surrogatepass"),
    "reference to NUL": pox("alice&#0;@example.com").encode(),
    "reference to a control character": pox("alice&#1;@example.com").encode(),
    "reference to a surrogate": pox("alice&#xD800;@example.com").encode(),
    "reference to no character": pox("alice&#xFFFF;@example.com").encode(),
    "reference beyond Unicode": pox("alice&#x7FFFFFFFF;@example.com").encode(),
    "control character": pox("alice\x01@example.com").encode(),
    "undeclared entity": pox("alice&nbsp;@example.com").encode(),
    "bare ampersand": pox("a&b@example.com").encode(),
    "unescaped markup": pox("<hostile>@example.com").encode(),
    "attribute twice": pox(inside='<X a="1" a="2"/>').encode(),
    "attribute with markup": pox(inside=f'<X a="{MARKUP}"/>').encode(),
    "undeclared prefix": pox(inside="<x:X/>").encode(),
    "the xml prefix rebound": pox(inside='<X xmlns:xml="urn:x"/>').encode(),
    "colons": pox(inside="<a:b:c/>").encode(),
    "CDATA without end": pox("<![CDATA[alice@example.com").encode(),
    "comment with two hyphens": pox("alice<!-- -- -->@example.com").encode(),
    "instruction named xml": pox(inside='<?xml version="1.0"?>').encode(),
    "as many tags as fit": b"<a>" * (MAX_BODY // 3),
    "nested as deep as fits": b"<a>" * 1170 + b"</a>" * 1170,
    "nested as deep as fits, in the address": pox("<a>" * 1080 + "</a>" * 1080).encode(),
    "wrong root": b"<html/>",
    "wrong case": pox().replace("Autodiscover", "autodiscover").encode(),
    "no namespace": pox(namespace="").encode(),
    "namespace in capitals": pox(namespace=OUTLOOK.upper()).encode(),
    "namespace with a blank": pox(namespace=f"{OUTLOOK} ").encode(),
    "namespace of the answer": pox(namespace=OUTLOOK_ANSWER).encode(),
    "namespace with a brace": pox(namespace="}").encode(),
    "namespace that is a path": pox(namespace="a}b[c='").encode(),
    "namespace of markup": pox(namespace="&lt;hostile/>").encode(),
    "no Request": f'<Autodiscover xmlns="{OUTLOOK}"/>'.encode(),
    "Request of another namespace": (
        pox().replace("<Request>", f'<Request xmlns="{MOBILESYNC}">').encode()
    ),
    "Request one level down": (
        f'<Autodiscover xmlns="{OUTLOOK}">{pox(namespace=OUTLOOK)}</Autodiscover>'.encode()
    ),
    "two Requests": pox().replace("</Request>", "</Request><Request/>").encode(),
    "a thousand Requests": pox().replace("</Request>", "</Request>" + "<Request/>" * 780).encode(),
    "no schema": pox(schema="").encode(),
    "no address": pox("").encode(),
    "no address but XInclude": pox('<include xmlns="http://www.w3.org/2001/XInclude"/>').encode(),
    "LegacyDN instead of the address": (
        pox().replace("EMailAddress>", "LegacyDN>").replace("alice@", "/o=x/").encode()
    ),
}

NO_ADDRESS = {
    "two at signs": "alice@evil@example.com",
    "two at signs together": "alice@@example.com",
    "at sign alone": "@",
    "no at sign": "alice",
    "no local part": "@example.com",
    "no domain": "alice@",
    "quoted at sign": '"alice@evil"@example.com',
    "blank before the domain": "alice@ example.com",
    "line break before the domain": "alice@\r\nexample.com",
    "two addresses": "alice@example.com,bob@example.com",
    "name and address": "Alice<alice@example.com>",
    "CR LF": "alice@example.com\r\nSet-Cookie: a=b",
    "CR LF in the local part": "alice\r\nX:b@example.com",
    "tab": "alice\tb@example.com",
    "delete": "alice\x7f@example.com",
    "C1 control": "alice\x85b@example.com",
    "line separator": "alice\u2028b@example.com",
    "right-to-left override": "alice\u202e@example.com",
    "isolate": "alice\u2066@example.com",
    "zero-width space": "alice\u200b@example.com",
    "zero-width joiner": "alice\u200d@example.com",
    "soft hyphen": "alice\u00ad@example.com",
    "byte order mark": "alice\ufeff@example.com",
    "no-break space": "alice\u00a0b@example.com",
    "private use": "alice\ue000@example.com",
    "tag character": "alice\U000e0041@example.com",
    "full-width at sign": "alice\uff20example.com",
    "override in the domain": "alice@exa\u202emple.com",
    "markup in the domain": "alice@<hostile/>.com",
    "underscore in the domain": "alice@exam_ple.com",
    "empty label": "alice@example..com",
    "one label": "alice@localhost",
    "IP address": "alice@127.0.0.1",
    "IP literal": "alice@[127.0.0.1]",
    "IPv6 literal": "alice@[IPv6:::1]",
    "label of a hyphen": "alice@-.com",
    "label of 64": f"alice@{'a' * 64}.com",
    "punycode of nothing": "alice@xn--.com",
    "255 octets": f"{'a' * 243}@example.com",
    "long local part": f"{'a' * 7000}@example.com",
    "long domain": f"alice@{'a.' * 3500}com",
    "long domain that is no ASCII": f"alice@{'é.' * 2000}com",
}

QUERIES = {
    "empty": ("emailaddress=", 200),
    "without value": ("emailaddress", 200),
    "placeholder": ("emailaddress=%25EMAILADDRESS%25", 200),
    "placeholder as it is": ("emailaddress=%EMAILADDRESS%", 200),
    "capitals": ("EMAILADDRESS=alice@example.com", 200),
    "raw plus": ("emailaddress=alice+x@example.com", 200),
    "domain in raw UTF-8": (raw("emailaddress=alice@café.example"), 200),
    "domain in UTF-8": ("emailaddress=alice@caf%C3%A9.example", 200),
    "ideographic full stop": ("emailaddress=alice@example%E3%80%82com", 200),
    "twice: the first counts": (
        "emailaddress=alice@example.com&emailaddress=alice@unknown.example",
        200,
    ),
    "twice in two cases: the first counts": (
        "EmailAddress=alice@unknown.example&emailaddress=alice@example.com",
        404,
    ),
    "array": ("emailaddress[]=alice@unknown.example", 200),
    "markup in the local part": (f"emailaddress={quoted(MARKUP)}@example.com", 200),
    "raw markup in the local part": (f"emailaddress={MARKUP}@example.com", 200),
    "our placeholder as local part": ("emailaddress=%25EMAILDOMAIN%25@example.com", 200),
    "template as local part": ("emailaddress={{7*7}}@example.com", 200),
    "markup in a name": (f"{MARKUP}={MARKUP}", 200),
    "NUL in a name": ("%00=%00", 200),
    "only separators": ("&&&===&;&", 200),
    "long": ("x" * LONG, 200),
    "thousands of parameters": ("&".join(f"p{n}={n}" for n in range(5000)), 200),
    "thousands of addresses": ("emailaddress=alice@example.com&" * 1000, 200),
    "semicolon": ("emailaddress=alice@example.com;x=y", 400),
    "not an address": ("emailaddress=alice", 400),
    "double encoding": ("emailaddress=alice%2540example.com", 400),
    "double encoding of CR LF": ("emailaddress=alice@example.com%250D%250A", 400),
    "percent at the end": ("emailaddress=alice@example.com%", 400),
    "half an escape": ("emailaddress=alice@example.com%4", 400),
    "escape of no digits": ("emailaddress=alice@example.com%zz", 400),
    "bytes that are no UTF-8 in the domain": ("emailaddress=alice@ex%FFample.com", 400),
    "raw bytes that are no UTF-8 in the domain": ("emailaddress=alice@ex\xffample.com", 400),
    "overlong UTF-8 in the domain": ("emailaddress=alice@%C0%AE.com", 400),
    "surrogate in the domain": ("emailaddress=alice@%ED%A0%80.com", 400),
    "CR LF raw": ("emailaddress=alice@example.com\r\nSet-Cookie: a=b", 400),
    "long address": (f"emailaddress={'a' * LONG}@example.com", 400),
    "long domain": (f"emailaddress=alice@{'a' * LONG}.com", 400),
    "unknown domain": ("emailaddress=alice@unknown.example", 404),
    "punycode junk": ("emailaddress=alice@xn--zzzzzzzz.example", 404),
}

JSON_ERRORS = {
    "no address": ("", 400, "InvalidEmail"),
    "empty address": ("Email=&Protocol=AutodiscoverV1", 400, "InvalidEmail"),
    "placeholder": ("Email=%EMAILADDRESS%&Protocol=AutodiscoverV1", 400, "InvalidEmail"),
    "two at signs": ("Email=a@b@example.com&Protocol=AutodiscoverV1", 400, "InvalidEmail"),
    "CR LF in the address": (
        "Email=alice@example.com%0D%0AX:%20y&Protocol=AutodiscoverV1",
        400,
        "InvalidEmail",
    ),
    "CR LF in the local part": ("Email=a%0D%0Ab@example.com", 400, "InvalidEmail"),
    "NUL in the address": ("Email=alice@example.com%00", 400, "InvalidEmail"),
    "long address": (f"Email={'a' * LONG}@example.com", 400, "InvalidEmail"),
    "markup for an address": (f"Email={MARKUP}", 400, "InvalidEmail"),
    "unknown domain": ("Email=alice@unknown.example", 404, "UserNotFound"),
    "path of a known attack": (
        "@evil.example/owa/?&Email=autodiscover/autodiscover.json%3F@evil.example",
        404,
        "UserNotFound",
    ),
    "no protocol": ("Email=alice@example.com", 400, "InvalidProtocol"),
    "empty protocol": ("Email=alice@example.com&Protocol=", 400, "InvalidProtocol"),
    "protocol that the service lacks": (
        "Email=alice@example.com&Protocol=ActiveSync",
        400,
        "InvalidProtocol",
    ),
    "markup for a protocol": (
        f"Email=alice@example.com&Protocol={quoted(MARKUP)}",
        400,
        "InvalidProtocol",
    ),
    "CR LF in the protocol": (
        "Email=alice@example.com&Protocol=AutodiscoverV1%0D%0AX:%20y",
        400,
        "InvalidProtocol",
    ),
    "quotes in the protocol": (
        "Email=alice@example.com&Protocol=%22%7D%2C%7B%22a%22%3A%22",
        400,
        "InvalidProtocol",
    ),
    "NUL after the protocol": (
        "Email=alice@example.com&Protocol=AutodiscoverV1%00",
        400,
        "InvalidProtocol",
    ),
    "long protocol": (
        f"Email=alice@example.com&Protocol={'P' * LONG}",
        400,
        "InvalidProtocol",
    ),
    "protocol that is no UTF-8": (
        "Email=alice@example.com&Protocol=%FF%FE",
        400,
        "InvalidProtocol",
    ),
    "bidirectional protocol": (
        "Email=alice@example.com&Protocol=%E2%80%AEActiveSync",
        400,
        "InvalidProtocol",
    ),
}

BAD_HOSTS = {
    "none": None,
    "empty": "",
    "blank": " ",
    "dot": ".",
    "port alone": ":80",
    "IPv4": "192.0.2.1",
    "IPv4 with port": "192.0.2.1:8000",
    "IPv6": "[2001:db8::1]",
    "IPv6 with port": "[2001:db8::1]:80",
    "IPv6 without brackets": "2001:db8::1",
    "IPv6 without its end": "[2001:db8",
    "brackets": "[]",
    "one label": "localhost",
    "with user": "alice@example.com",
    "with user and password": "alice:secret@example.com",
    "port of letters": "example.com:junk",
    "negative port": "example.com:-1",
    "two ports": "example.com:80:80",
    "with path": "example.com/mail",
    "with query": "example.com?x",
    "with fragment": "example.com#x",
    "with scheme": "http://example.com",
    "blank inside": "example .com",
    "CR LF": "example.com\r\nX-Injected: y",
    "NUL": "example.com\0",
    "NUL inside": "example\0.com",
    "markup": "<hostile/>.example",
    "template": "{{7*7}}.example",
    "underscore": "exam_ple.com",
    "wildcard": "*.example.com",
    "percent-encoded": "example%2Ecom",
    "raw UTF-8": raw("café.example"),
    "bytes that are no UTF-8": "\xff\xfe.com",
    "punycode junk": "xn--zzzzzzzz.example",
    "punycode of nothing": "xn--.example",
    "empty first label": ".example.com",
    "empty label": "example..com",
    "two final dots": "example.com..",
    "label of 64": f"{'a' * 64}.example.com",
    "254 characters": f"{'a.' * 126}ab",
    "long": "a" * LONG,
    "long, of labels": "a." * (LONG // 2) + "com",
    "unknown": "unknown.example",
    "prefix alone": "autoconfig.",
    "prefix and one label": "autoconfig.com",
    "prefix twice": "autoconfig.autoconfig.example.com",
}

TWO_HOSTS = {
    "ours first": "example.com,unknown.example",
    "ours last": "unknown.example,example.com",
    "the same": "example.com,example.com",
    "blank between": "example.com, example.com",
    "second empty": "example.com,",
    "first empty": ",example.com",
    "three": "example.com,autoconfig.example.com,example.com",
    "markup": f"example.com,{MARKUP}",
}
"""Two `Host` lines, as servers of WSGI join them."""

FORGED = {
    "HTTP_X_FORWARDED_FOR": "198.51.100.7",
    "HTTP_X_FORWARDED_PROTO": "http",
    "HTTP_X_FORWARDED_HOST": "exchange.example",
    "HTTP_X_FORWARDED_PORT": "1",
    "HTTP_X_FORWARDED_PREFIX": "/x",
}

GARBAGE = {
    "empty": "",
    "blank": " ",
    "commas": ",,,",
    "markup": MARKUP,
    "CR LF": "x\r\nX-Injected: y",
    "NUL": "\0",
    "no UTF-8": "\xff\xfe",
    "long": "x" * LONG,
    "many": "x, " * LONG,
    "address": "alice@example.com",
    "IPv6 that does not end": "[::1",
    "scope of IPv6": "fe80::1%eth0",
    "scope that is an address": "fe80::1%alice@example.com",
    "scope that forges a line": 'fe80::1%x - - [] "GET" 200 1 forged',
    "port of junk": "example.com:alice@example.com",
    "colons": ":::",
}

LINE = re.compile(
    r'(?:-|[a-z0-9.-]+):\d+ [0-9a-f:.-]+(?:%[a-z0-9]+)? - - \[[\w/: +]+\] "(?:[A-Z]+|-) '
    r'(?:-|/[a-z0-9/.<>-]*) HTTP/1\.[01]" \d{3} (?:\d+|-)'
)
"""Apache's `vhost_common`, from the first character to the last: nothing else has a place in it."""
