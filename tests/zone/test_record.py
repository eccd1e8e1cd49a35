"""Records as text."""

import pytest

from autoconfig.zone.record import Record, Srv, absolute, by_name, plain

ONE = Record("a.example.", "A", "192.0.2.1")
OTHER = Record("a.example.", "A", "192.0.2.2")


def test_record_is_a_line_of_a_zone() -> None:
    assert str(ONE) == "a.example. 3600 IN A 192.0.2.1"


def test_records_that_differ_in_time_alone_say_the_same() -> None:
    assert ONE.said == ONE._replace(ttl=60).said
    assert ONE.said != OTHER.said


def test_srv_value_is_read_and_written() -> None:
    srv = Srv.parse("10 1 993 imap.example.")
    assert srv == Srv(10, 1, 993, "imap.example.")
    assert str(srv) == "10 1 993 imap.example."


@pytest.mark.parametrize("value", ["", "1 2 3", "1 2 3 a. b.", "1 x 3 a.", "-1 2 3 a."])
def test_other_text_is_no_srv_value(value: str) -> None:
    assert Srv.parse(value) is None


def test_host_has_a_final_dot_in_a_zone_and_none_elsewhere() -> None:
    assert absolute("mail.example") == "mail.example."
    assert plain("Mail.Example.") == "mail.example"
    assert plain(".") == ""


def test_records_of_a_name_stand_once_each_whatever_their_order() -> None:
    elsewhere = ONE._replace(name="b.example.")
    found = by_name([OTHER, ONE, elsewhere, ONE._replace(ttl=60)])
    assert found == {"a.example.": (ONE, OTHER), "b.example.": (elsewhere,)}
