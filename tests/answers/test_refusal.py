"""Refusals, in whatever form the client reads."""

import pytest

from autoconfig.answers.refusal import refusal
from autoconfig.documents.formats import NO_STORE
from autoconfig.documents.text import HTML, JSON, TEXT, XML, TextKind
from autoconfig.errors import CLIENT_ERRORS, Busy, ClientError, LookUpFailed

KINDS = (HTML, JSON, TEXT, XML)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])


@every_kind
@pytest.mark.parametrize("error", CLIENT_ERRORS)
def test_client_is_told_when_to_come_again_where_it_may(
    kind: TextKind, error: type[ClientError]
) -> None:
    answer = refusal(error(), kind)
    assert ("Retry-After" in dict(answer.headers)) == (answer.status == 503)


@every_kind
@pytest.mark.parametrize(("error", "seconds"), [(Busy, "1"), (LookUpFailed, "30")])
def test_seconds_until_then_are_as_long_as_the_cause_may_last(
    kind: TextKind, error: type[ClientError], seconds: str
) -> None:
    answer = refusal(error(), kind)
    assert dict(answer.headers)["Retry-After"] == seconds
    assert (answer.status, answer.cache) == (503, NO_STORE)


def test_page_says_of_503_in_both_languages_to_come_again() -> None:
    text = refusal(LookUpFailed(), HTML).body.decode()
    assert "Réessayez plus tard." in text
    assert "Please try again later." in text
    assert "This request was not understood." not in text
