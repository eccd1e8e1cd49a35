"""What is counted, over processes, and what Prometheus reads."""

import os
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from autoconfig.answers.endpoints import ENDPOINTS
from autoconfig.answers.metrics import (
    FORMAT_LABELS,
    LOOK_UP_SECONDS,
    NONE,
    OFFER_CLASSES,
    STATUSES,
    Metrics,
)
from autoconfig.config.load import Config
from autoconfig.detect.rule import Confidence
from autoconfig.errors import ClientError
from autoconfig.web import create_app
from autoconfig.wsgi.journal import Journal
from tests.support.client import FROM_HTTP, ask_as_outlook, host
from tests.support.requests import MOZILLA, POX

Labels = tuple[str, str, str]


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def client(config: Config, metrics: Metrics) -> FlaskClient:
    return create_app(config, Journal(lambda _: None, metrics)).test_client()


def values(metrics: Metrics) -> Mapping[str, float]:
    """Those that have no labels, by name."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {s.name: s.value for family in families for s in family.samples if not s.labels}


def requests(metrics: Metrics) -> Mapping[Labels, float]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (s.labels["format"], s.labels["offer_class"], s.labels["status"]): s.value
        for family in families
        for s in family.samples
        if s.name == "autoconfig_requests_total"
    }


def test_answers_are_counted_by_format_class_and_status(
    client: FlaskClient, metrics: Metrics
) -> None:
    for _ in range(3):
        client.get(MOZILLA, headers=host("autoconfig.example.fr"))
    client.head(MOZILLA, headers=host("autoconfig.example.fr"))
    client.get(MOZILLA, headers=host("exchange.example"))
    client.get(MOZILLA, headers=host("unknown.example"))
    ask_as_outlook(client, "alice@exchange.example")
    client.put(POX)
    client.get("/alice@example.fr")
    assert requests(metrics) == {
        ("autoconfig", "imap", "200"): 4,
        ("autoconfig", "exchange", "200"): 1,
        ("autoconfig", NONE, "404"): 1,
        ("pox", "exchange", "302"): 1,
        ("pox", NONE, "405"): 1,
        (NONE, NONE, "404"): 1,
    }
    assert values(metrics)["autoconfig_seconds_count"] == 9
    assert 0 < values(metrics)["autoconfig_seconds_sum"] < 60


def test_nothing_that_a_stranger_wrote_becomes_a_label(
    client: FlaskClient, metrics: Metrics
) -> None:
    for name in ("alice", "mallory"):
        client.get(f"/{name}", headers=host(f"{name}.example"))
        client.get(f"{MOZILLA}?emailaddress={name}@{name}.example")
        client.open("/", method=name.upper())
    text = metrics.text().decode()
    assert "alice" not in text
    assert "mallory" not in text.lower()


def test_every_answer_has_its_cell() -> None:
    assert {each.label for each in ENDPOINTS} <= set(FORMAT_LABELS)
    statuses = {error.status for error in ClientError.__subclasses__()}
    assert statuses | {200, 204, 302, 304} == set(STATUSES)
    metrics = Metrics()
    for offer_class in OFFER_CLASSES:
        for status in STATUSES:
            metrics.count({(None, offer_class, status): 1}, [0])
    assert set(requests(metrics).values()) == {1}


def test_processes_count_together(metrics: Metrics) -> None:
    shared = Metrics(processes=2)
    for _ in range(2):
        shared.give_row()
        child = os.fork()
        if not child:
            shared.take_row()
            shared.count({(None, NONE, 404): 1}, [0.5])
            os._exit(0)
        os.waitpid(child, 0)
    assert requests(shared) == {(NONE, NONE, "404"): 2}
    assert values(shared)["autoconfig_seconds_sum"] == 1


def test_row_of_a_process_that_lives_is_not_given_away(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = Metrics(processes=2)
    shared.give_row()
    with monkeypatch.context() as patched:
        patched.setattr("os.getpid", os.getppid)
        shared.take_row()
    for _ in range(3):  # as if forks failed
        shared.give_row()
        assert shared.row == 1


def look_ups(metrics: Metrics) -> Mapping[str, float]:
    families = text_string_to_metric_families(metrics.text().decode())
    samples = [sample for family in families for sample in family.samples]
    name = "autoconfig_lookups_total"
    return {s.labels["result"]: s.value for s in samples if s.name == name}


def test_look_ups_are_counted_by_result_and_their_time_where_one_was_made(
    metrics: Metrics,
) -> None:
    for result, seconds in (("known", 0.02), ("known", 0.02), ("failed", 1.6), ("refused", 0)):
        metrics.count_look_up(result, seconds)
    for _ in range(5):
        metrics.count_look_up("hit", 0)
    counted = dict.fromkeys(look_ups(metrics), 0) | {"known": 2, "failed": 1, "refused": 1}
    assert look_ups(metrics) == counted
    found = values(metrics)
    assert found["autoconfig_lookup_cache_hits_total"] == 5
    assert found["autoconfig_lookup_seconds_count"] == 3
    assert found["autoconfig_lookup_seconds_sum"] == pytest.approx(1.64)


def test_time_of_a_look_up_is_in_every_bucket_above_it(metrics: Metrics) -> None:
    for seconds in (0.001, 0.3, 7):
        metrics.count_look_up("guess", seconds)
    families = text_string_to_metric_families(metrics.text().decode())
    samples = [sample for family in families for sample in family.samples]
    buckets = {
        float(sample.labels["le"]): sample.value
        for sample in samples
        if sample.name == "autoconfig_lookup_seconds_bucket"
    }
    assert buckets == {
        bound: (bound >= 0.001) + (bound >= 0.3) + (bound >= 7)
        for bound in (*LOOK_UP_SECONDS, float("inf"))
    }


def test_every_result_is_there_from_the_start(metrics: Metrics) -> None:
    """Else Prometheus would see no increase in the first failure."""
    assert set(look_ups(metrics).values()) == {0}
    assert {*look_ups(metrics)} == {*Confidence, "refused"}


def test_processes_count_look_ups_together() -> None:
    shared = Metrics(processes=2)
    for row in range(2):
        shared.row = row
        shared.count_look_up("none", 0.25)
        shared.count_look_up("hit", 0)
    assert look_ups(shared)["none"] == 2
    assert values(shared)["autoconfig_lookup_cache_hits_total"] == 2
    assert values(shared)["autoconfig_lookup_seconds_sum"] == 0.5
    assert requests(shared) == {}
    assert values(shared)["autoconfig_seconds_count"] == 0


def test_configuration_has_an_age_and_failures(metrics: Metrics) -> None:
    metrics.load_ended(well=False)
    metrics.load_ended(well=False)
    found = values(metrics)
    assert found["autoconfig_reload_failures_total"] == 2
    assert 0 <= found["autoconfig_configuration_age_seconds"] < 60


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), (FROM_HTTP, 404), ({"X-Forwarded-For": "192.0.2.1"}, 404), ({"Via": "x"}, 404)],
)
def test_metrics_are_for_nobody_behind_a_proxy(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert (b"autoconfig_requests" in answer.data) is (status == 200)


def test_metrics_are_for_nobody_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert answer.status_code == 404


def test_server_is_ready_until_it_is_told_to_stop(client: FlaskClient, metrics: Metrics) -> None:
    assert client.get("/readyz").status_code == 200
    metrics.stop()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
