"""The list of errors that clients get."""

from collections.abc import Iterator

from autoconfig import web  # noqa: F401  # every module that could have an error of its own
from autoconfig.errors import CLIENT_ERRORS, ClientError


def descendants(parent: type[ClientError]) -> Iterator[type[ClientError]]:
    for child in parent.__subclasses__():
        yield child
        yield from descendants(child)


def test_list_of_errors_is_complete() -> None:
    assert list(CLIENT_ERRORS) == list(descendants(ClientError))
