"""Asking through Flask's test client, as mail clients do that keep to the rules."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.requests import POX, SCHEMAS, declared, pox

FROM_HTTP = {"X-Forwarded-Proto": "http"}


def host(name: str) -> dict[str, str]:
    return {"Host": name}


def request_body(
    address: str = "alice@example.fr", schema: str = "outlook/responseschema/2006a"
) -> str:
    """What Outlook and phones post. `schema`: of the answer, below Microsoft's `SCHEMAS`."""
    kind = schema.partition("/")[0]
    namespace = f"{SCHEMAS}{kind}/requestschema/2006"
    return declared("utf-8", "\n" + pox(address, namespace=namespace, schema=SCHEMAS + schema))


def ask_as_outlook(
    client: FlaskClient, *arguments: str, path: str = POX, **options: Any
) -> TestResponse:
    """Post a `request_body` of these arguments."""
    return client.post(path, data=request_body(*arguments), content_type="text/xml", **options)
