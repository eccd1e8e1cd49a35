"""`deploy/Caddyfile`: a certificate for each name that is served, when it is first asked for."""

import json
import os
import ssl
from subprocess import run

import pytest

from tests.real.hosting.fronts import CADDIES, Front
from tests.real.programs import Server, wait_for
from tests.support.recipes import DEPLOY
from tests.support.requests import MOZILLA

ADAPT = ("adapt", "--adapter", "caddyfile", "--config")


def certificates(front: Front) -> set[str]:
    """The names that Caddy has got a certificate for."""
    return {path.stem for path in (front.folder / "data/caddy/certificates").rglob("*.crt")}


def test_name_of_base_url_gets_a_certificate(caddy: Front) -> None:
    """No domain of the configuration needs to be behind it."""
    assert caddy.ask("/", host="autoconfig.agency.example").status == 200


@pytest.mark.parametrize("prefix", ["autoconfig", "autodiscover"])
def test_first_request_of_a_served_name_gets_it_a_certificate(caddy: Front, prefix: str) -> None:
    name = f"{prefix}.client-one.example"
    assert name not in certificates(caddy)
    assert caddy.ask(MOZILLA, host=name).status == 200
    assert name in certificates(caddy)
    with caddy.connection(name, "https") as connection:
        assert isinstance(connection, ssl.SSLSocket)
        shown = connection.getpeercert() or {}
    assert shown["subjectAltName"] == (("DNS", name),)


@pytest.mark.parametrize(
    "name",
    [
        "autoconfig.unknown.example",
        "autodiscover.unknown.example",
        "www.example.fr",
        "example.fr",
        "autoconfig.autoconfig.example.fr",
        "mail.autoconfig.example.fr",
        "localhost",
    ],
)
def test_other_names_get_none(caddy: Front, name: str) -> None:
    with pytest.raises(ssl.SSLError):
        caddy.ask(MOZILLA, host=name)
    assert name not in certificates(caddy)


def test_caddy_asks_the_server_each_time_a_name_is_new(caddy: Front, server: Server) -> None:
    with pytest.raises(ssl.SSLError):
        caddy.ask(MOZILLA, host="autoconfig.another.example")

    def line() -> str | None:
        """Of the access log, which is written a moment later."""
        lines = server.log.read_text().splitlines()
        asked = (line for line in lines if "GET /ask " in line)
        return next((line for line in asked if line.startswith("another.example:")), None)

    assert " 404 " in wait_for(line, "the question in the log")


def test_http_challenge_is_answered_by_caddy_alone(caddy: Front) -> None:
    """Its handler stands before ours, or no authority could check a name over port 80."""
    target = "/.well-known/acme-challenge/unknown"
    assert caddy.ask(target, scheme="http").status == 404


def adapted(name: str, **env: str) -> str:
    """The configuration that one of `CADDIES` makes of the very file, in its own words."""
    binary, given = CADDIES[name]
    command = [str(binary), *ADAPT, str(DEPLOY / "Caddyfile")]
    env = {**os.environ, "XDG_DATA_HOME": "/nonexistent", **given, **env}
    done = run(command, env=env, check=True, capture_output=True, text=True)
    assert "error" not in done.stderr.lower()
    return json.dumps(json.loads(done.stdout))


def test_file_as_it_stands_speaks_to_the_server_on_this_machine() -> None:
    config = adapted("caddy")
    assert '"ask": "http://127.0.0.1:8000/ask"' in config
    assert '"dial": "127.0.0.1:8000"' in config
    assert '"listen": [":443"]' in config
    assert '"listen": [":80"]' in config


@pytest.mark.parametrize("name", CADDIES)
def test_file_can_be_told_where_the_server_is(name: str) -> None:
    config = adapted(name, AUTOCONFIG_UPSTREAM="autoconfig:8000")
    assert '"http://autoconfig:8000/ask"' in config
    assert '"dial": "autoconfig:8000"' in config
    assert "127.0.0.1" not in config


def test_newer_caddy_refuses_the_file_where_it_is_to_be_changed() -> None:
    """Without what compose.yaml gives it, and it says where the comment is."""
    binary, _ = CADDIES["newest caddy"]
    command = [str(binary), *ADAPT, str(DEPLOY / "Caddyfile")]
    done = run(command, check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "buffer_requests" in done.stderr


@pytest.mark.parametrize("name", CADDIES)
def test_no_request_and_no_answer_may_take_for_ever(name: str) -> None:
    servers = json.loads(adapted(name))["apps"]["http"]["servers"].values()
    for kind in ("read_timeout", "read_header_timeout", "write_timeout", "idle_timeout"):
        assert all(0 < server[kind] <= 60e9 for server in servers), kind  # nanoseconds


@pytest.mark.parametrize("name", CADDIES)
def test_file_is_formatted_as_caddy_formats(name: str) -> None:
    binary, _ = CADDIES[name]
    done = run([binary, "fmt", DEPLOY / "Caddyfile"], check=True, capture_output=True)
    assert done.stdout == (DEPLOY / "Caddyfile").read_bytes()
