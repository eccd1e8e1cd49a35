"""Requests that are odd and right: what they say comes back, escaped."""

import pytest
from flask import Flask

from autoconfig.answers.pox_request import MAX_BODY
from tests.support.asking import post
from tests.support.hostile import MARKUP
from tests.support.requests import OUTLOOK_ANSWER, declared, pox, xml
from tests.support.tables import table


@pytest.mark.parametrize(
    "body",
    table(
        {
            "UTF-8 with BOM": pox().encode("utf-8-sig"),
            "BOM and then blanks": b"\xef\xbb\xbf\r\n " + pox().encode(),
            "blanks around a BOM": b" \n\xef\xbb\xbf\r\n " + pox().encode(),
            "UTF-8 with BOM and declaration": declared("UTF-8", pox()).encode("utf-8-sig"),
            "UTF-8 with BOM and a line before": ("\n" + pox()).encode("utf-8-sig"),
            "UTF-16 with BOM": pox().encode("utf-16"),
            "UTF-16LE with BOM": b"\xff\xfe" + declared("UTF-16", pox()).encode("utf-16-le"),
            "UTF-16BE with BOM": b"\xfe\xff" + declared("UTF-16", pox()).encode("utf-16-be"),
            "UTF-16BE with BOM and a line before": b"\xfe\xff" + ("\n" + pox()).encode("utf-16-be"),
            "UTF-16LE, declared": declared("UTF-16LE", pox()).encode("utf-16-le"),
            "UTF-16BE, declared": declared("UTF-16BE", pox()).encode("utf-16-be"),
            "Latin-1, declared": declared("ISO-8859-1", pox()).encode("latin-1"),
            "blanks before the declaration": b" \r\n\t" + declared("UTF-8", pox()).encode(),
            "blanks around the address": pox("\r\n  alice@example.com\t\n").encode(),
            "CDATA": pox("<![CDATA[alice@example.com]]>").encode(),
            "half a CDATA": pox("alice<![CDATA[@]]>example.com").encode(),
            "comment inside the address": pox("alice<!-- @x -->@example.com").encode(),
            "instruction inside the address": pox("alice<?x @x?>@example.com").encode(),
            "character references": pox("&#97;lice&#x40;example.com").encode(),
            "schema in capitals": pox(schema=OUTLOOK_ANSWER.upper()).encode(),
            "unknown elements": pox(inside="<X><Y>bob@x.example</Y></X>").encode(),
            "another namespace's address": pox(
                inside='<EMailAddress xmlns="urn:x">bob@x.example</EMailAddress>'
            ).encode(),
            "prefix": (
                pox()
                .replace("xmlns=", "xmlns:a=")
                .replace("</", "</a:")
                .replace("<A", "<a:A")
                .replace("<R", "<a:R")
                .replace("<E", "<a:E")
                .encode()
            ),
            "the largest there may be": pox(inside=f"<X>{'x' * MAX_BODY}").encode()[:1]
            + pox(inside="<X/>").encode()[1:].ljust(MAX_BODY - 1),
        }
    ),
)
def test_odd_but_valid_request_is_answered(app: Flask, body: bytes) -> None:
    reply = post(app, body)
    assert (reply.status, reply.logins) == (200, {"alice@example.com"})


@pytest.mark.parametrize(
    "local",
    table(
        {
            "markup": MARKUP,
            "end of the element": "</LoginName><hostile/>",
            "script": "<script>alert(1)</script>",
            "CDATA": "]]><![CDATA[",
            "comment": "<!--",
            "quotes": "'\"",
            "ampersand": "a&b&amp;c",
            "entity": "&x;",
            "quoted": '"alice"',
            "our placeholder": "%EMAILDOMAIN%",
            "the same placeholder": "%EMAILADDRESS%",
            "template": "{{7*7}}",
            "path": "../../etc/passwd",
            "beyond the first plane": "\U0001d51e",
        }
    ),
)
def test_local_part_comes_back_escaped_to_the_letter(app: Flask, local: str) -> None:
    reply = post(app, pox(xml(f"{local}@example.com")))
    assert (reply.status, reply.logins) == (200, {f"{local}@example.com"})
