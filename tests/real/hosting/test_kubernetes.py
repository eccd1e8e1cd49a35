"""`deploy/kubernetes.yaml`: valid, and of one piece with the image, the server and its limits."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from autoconfig.answers.endpoints import BY_PATH, Kind
from autoconfig.cli import main
from autoconfig.config.load import load_config
from autoconfig.serve.limits import STOP_SECONDS
from tests.real.programs import program
from tests.support.recipes import DEPLOY

MANIFEST = DEPLOY / "kubernetes.yaml"
OBJECTS: dict[str, Any] = {
    each["kind"]: each for each in YAML(typ="safe").load_all(MANIFEST.read_text())
}
POD: dict[str, Any] = OBJECTS["Deployment"]["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()


@pytest.mark.parametrize("version", ["1.28", "1.31", "1.34", "1.37"])
def test_manifest_is_valid_and_has_no_key_that_is_unknown(version: str) -> None:
    command = [program("kubernetes-validate"), "--strict", "-k", version]
    done = subprocess.run([*command, MANIFEST], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (done.stdout + done.stderr).count(" passed for resource ") == len(OBJECTS)


def test_everything_belongs_to_the_same_pods() -> None:
    labels = OBJECTS["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert OBJECTS["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert OBJECTS["Service"]["spec"]["selector"] == labels
    assert OBJECTS["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels


def test_requests_find_their_way_from_the_ingress_to_the_server() -> None:
    (port,) = CONTAINER["ports"]
    (published,) = OBJECTS["Service"]["spec"]["ports"]
    assert f"EXPOSE {port['containerPort']}\n" in DOCKERFILE
    assert published["targetPort"] == port["name"]
    for rule in OBJECTS["Ingress"]["spec"]["rules"]:
        (path,) = rule["http"]["paths"]
        service = path["backend"]["service"]
        assert service["name"] == OBJECTS["Service"]["metadata"]["name"]
        assert service["port"]["name"] == published["name"]
        assert (path["path"], path["pathType"]) == ("/", "Prefix")


def test_every_name_of_the_ingress_has_a_certificate() -> None:
    (tls,) = OBJECTS["Ingress"]["spec"]["tls"]
    assert tls["hosts"] == [rule["host"] for rule in OBJECTS["Ingress"]["spec"]["rules"]]


def test_plain_http_is_not_redirected_by_the_ingress() -> None:
    annotations = OBJECTS["Ingress"]["metadata"]["annotations"]
    assert annotations["nginx.ingress.kubernetes.io/ssl-redirect"] == "false"


def test_configuration_in_the_manifest_is_right(tmp_path: Path) -> None:
    path = tmp_path / "autoconfig.toml"
    path.write_text(OBJECTS["ConfigMap"]["data"]["autoconfig.toml"])
    config = load_config(path)
    assert not config.warnings
    served = {f"{p}.{d}" for d in config.served.domains for p in ("autoconfig", "autodiscover")}
    assert served == set(OBJECTS["Ingress"]["spec"]["tls"][0]["hosts"])
    assert config.base_url in {f"https://{name}" for name in served}


def test_configuration_is_where_the_image_looks() -> None:
    (mount,), (volume,) = CONTAINER["volumeMounts"], POD["volumes"]
    assert f"AUTOCONFIG_CONFIG={mount['mountPath']}/autoconfig.toml" in DOCKERFILE
    assert mount["name"] == volume["name"]
    assert volume["configMap"]["name"] == OBJECTS["ConfigMap"]["metadata"]["name"]


def test_arguments_are_those_of_the_command() -> None:
    """A file that is not there is what stops it, and nothing before."""
    done = CliRunner().invoke(
        main, [*CONTAINER["args"], "--config", "/nonexistent/autoconfig.toml"]
    )
    assert done.exit_code == 2
    assert "/nonexistent/autoconfig.toml" in done.output
    assert "Usage" not in done.output


@pytest.mark.parametrize(
    ("probe", "kind"),
    [
        ("startupProbe", Kind.HEALTH),
        ("readinessProbe", Kind.READY),  # a server that stops wants no more requests
        ("livenessProbe", Kind.HEALTH),  # and is not to be killed for that
    ],
    ids=["startup", "readiness", "liveness"],
)
def test_probe_asks_the_url_that_says_it(probe: str, kind: Kind) -> None:
    asked = CONTAINER[probe]["httpGet"]
    assert BY_PATH[asked["path"]].kind is kind
    assert asked["port"] == CONTAINER["ports"][0]["name"]


def test_pod_is_not_killed_while_it_starts_or_is_busy() -> None:
    startup, liveness = CONTAINER["startupProbe"], CONTAINER["livenessProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] >= 30
    assert liveness["timeoutSeconds"] > 1  # the default


def test_pod_has_limits_and_may_do_nothing() -> None:
    assert CONTAINER["resources"]["limits"]["memory"]
    assert CONTAINER["resources"]["requests"].keys() == {"cpu", "memory"}
    assert POD["securityContext"]["runAsNonRoot"] is True
    assert POD["automountServiceAccountToken"] is False
    assert CONTAINER["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_stop_may_take_as_long_as_the_server_needs() -> None:
    pause = int(CONTAINER["lifecycle"]["preStop"]["exec"]["command"][1])
    assert POD["terminationGracePeriodSeconds"] > STOP_SECONDS + pause


def test_a_pod_may_go_without_anybody_noticing() -> None:
    spare = OBJECTS["PodDisruptionBudget"]["spec"]["minAvailable"]
    assert OBJECTS["Deployment"]["spec"]["replicas"] > spare
