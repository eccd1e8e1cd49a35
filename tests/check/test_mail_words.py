"""The words for mail servers: in every language, with the same values, and all of them known."""

import re

import pytest

from autoconfig.check.mail import reason_for
from autoconfig.check.words.mail import MAIL
from autoconfig.documents.formats import LANGUAGES
from tests.support.mail_server import server_at

VALUES = {
    *reason_for("", server_at("imap", 993)).values,
    "other_host",
    "other_port",
    "other_socket",
}


@pytest.mark.parametrize("what", MAIL)
def test_words_are_there_in_every_language_and_name_the_same(what: str) -> None:
    words = MAIL[what]
    assert tuple(words) == LANGUAGES
    english, *others = (set(re.findall(r"\{(\w*)\}", text)) for text in words.values())
    assert all(each == english for each in others)
    assert english <= VALUES
    assert all(text == text.strip() != "" for text in words.values())
