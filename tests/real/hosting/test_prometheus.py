"""`deploy/prometheus.example.yml` and `alerts.example.yml`, as promtool reads them."""

import re
import subprocess
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from autoconfig.answers.metrics import FORMAT_LABELS, RESULTS, STATUSES
from autoconfig.check.textfile import textfile
from tests.real.programs import Server, program
from tests.support.checks import troubled
from tests.support.recipes import DEPLOY, EXAMPLE, steps

CONFIG, RULES = DEPLOY / "prometheus.example.yml", DEPLOY / "alerts.example.yml"
UNIT_TESTS = Path(__file__).with_name("alerts.test.yml")
ALERTS: list[dict[str, Any]] = YAML(typ="safe").load(RULES)["groups"][0]["rules"]
NOT_OURS = {"up", "probe_success", "probe_ssl_earliest_cert_expiry"}
"""Metrics of Prometheus itself and of blackbox_exporter."""
LABELS = {
    "status": {*map(str, STATUSES)},
    "format": {*FORMAT_LABELS},
    "result": {*RESULTS},
}
METRIC = re.compile(r"\b(?:autoconfig|probe)_\w+|\bup\b")
CHECKED = f"{textfile([troubled('example.fr')], datetime.now(UTC))}\n"
"""What `autoconfig check --prometheus` writes."""


def promtool(*arguments: str | Path, cwd: Path | None = None) -> str:
    """What it says. The test fails where it finds a mistake."""
    command = [program("promtool"), *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def metrics(server: Server) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics") as answer:
        text: str = answer.read().decode()
        return text


def test_steps_lead_to_a_configuration_that_promtool_finds_right(folder: Path) -> None:
    """Taken to the letter, in another folder than /etc/prometheus."""
    command = [program("autoconfig"), "names", "--config", str(EXAMPLE)]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    (folder / "names.txt").write_text(names)
    (folder / "deploy").symlink_to(DEPLOY)
    install, *rest, reload = steps(CONFIG)
    assert install == "apt install prometheus prometheus-blackbox-exporter"
    assert reload == "systemctl reload prometheus"
    said = ""
    for step in rest:
        line = step.replace("/etc/prometheus", str(folder)).replace("promtool", program("promtool"))
        done = subprocess.run(
            ["/bin/sh", "-ec", line], cwd=folder, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said += done.stdout
    assert f"SUCCESS: {len(ALERTS)} rules found" in said
    assert "WARNING" not in said
    found = YAML(typ="safe").load(folder / "autoconfig-names.yml")
    assert found == [{"targets": [name]} for name in names.split()]


def test_every_rule_goes_off_and_is_silent_as_the_unit_tests_say() -> None:
    promtool("test", "rules", UNIT_TESTS.name, cwd=UNIT_TESTS.parent)
    tested = YAML(typ="safe").load(UNIT_TESTS)["tests"]
    expected = {
        case["alertname"]
        for test in tested
        for case in test["alert_rule_test"]
        if case.get("exp_alerts")
    }
    assert expected == {alert["alert"] for alert in ALERTS}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_rule_names_only_metrics_that_are_there(server: Server, alert: dict[str, Any]) -> None:
    expression = alert["expr"]
    named = {*METRIC.findall(re.sub(r'"[^"]*"', "", expression))}
    assert named
    for name in named - NOT_OURS:
        assert f"# TYPE {name} " in metrics(server) + CHECKED, name
    for label, value in re.findall(r'(\w+)!?="([^"]*)"', expression):
        if label != "job":
            assert value in LABELS[label]


@pytest.mark.parametrize("of", ["server", "check"])
def test_metrics_are_of_the_form_that_prometheus_reads(server: Server, of: str) -> None:
    done = subprocess.run(
        [program("promtool"), "check", "metrics"],
        input=metrics(server) if of == "server" else CHECKED,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
