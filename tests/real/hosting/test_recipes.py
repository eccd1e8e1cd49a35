"""The steps of Caddy, nginx and Apache, taken to the letter beside the service under systemd.

Debian's packages are what they are, with their own configuration. Only the certificate comes from
a stand-in for certbot, which asks for a file in the web root over port 80 as Let's Encrypt does.
"""

from functools import partial

import pytest

from tests.real.hosting.machines import SOURCE, Machine, journal
from tests.real.programs import wait_for
from tests.support.recipes import DEPLOY, steps
from tests.support.requests import MOZILLA

CERTBOT = r"""#!/bin/sh
set -eu
[ "$1" = certonly ]
while [ $# -gt 0 ]; do
  case $1 in
    --webroot-path) root=$2 ;;
    --cert-name) folder=/etc/letsencrypt/live/$2 ;;
    --domain) names=$2 ;;
  esac
  shift
done
mkdir -p "$root/.well-known/acme-challenge" "$folder"
echo proof >"$root/.well-known/acme-challenge/token"
for name in $(echo "$names" | tr , " "); do
  url=http://$name/.well-known/acme-challenge/token
  [ "$(curl --silent --resolve "$name:80:127.0.0.1" "$url")" = proof ] || exit 3
done
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=autoconfig" \
  -addext "subjectAltName=DNS:$(echo "$names" | sed "s/,/,DNS:/g")" \
  -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem" 2>/dev/null
"""
FRONTS = {"caddy": "Caddyfile", "nginx": "nginx.conf", "apache2": "apache.conf"}
"""The service of each, which is also its package, and its file."""


def answers(machine: Machine, scheme: str) -> bool:
    """Whether the web server of the machine gives the right answer."""
    name, port = "autoconfig.example.fr", {"http": 80, "https": 443}[scheme]
    trust = "--cacert /etc/letsencrypt/live/autoconfig/fullchain.pem" if scheme == "https" else ""
    url = f"{scheme}://{name}{MOZILLA}?emailaddress=alice@example.fr"
    curl = f"curl --silent --show-error --max-time 10 {trust} --resolve {name}:{port}:127.0.0.1"
    said = machine.run(f"{curl} '{url}'", check=False).said
    return "<hostname>pro1.mail.ovh.net</hostname>" in said


@pytest.mark.parametrize("service", FRONTS)
def test_steps_lead_to_answers(booted: Machine, service: str) -> None:
    """Caddy's over http alone: no authority that everybody trusts can be reached from here."""
    booted.write("/usr/local/bin/certbot", CERTBOT)
    booted.run("chmod +x /usr/local/bin/certbot")
    booted.run(f"cp /lib/systemd/system/{service}.service /etc/systemd/system/")
    booted.run(f"systemctl daemon-reload && systemctl start {service}")  # as apt does
    install, *rest = steps(DEPLOY / FRONTS[service])
    assert install.split()[:3] == ["apt", "install", service]
    try:
        for step in rest:
            done = booted.run(step, cwd=SOURCE, check=False)
            assert done.code == 0, step + done.said + journal(booted, service)
        for scheme in ("http",) if service == "caddy" else ("http", "https"):
            # A server that is reloaded goes on with the old configuration for a moment.
            wait_for(partial(answers, booted, scheme), f"the answer by {scheme}")
        for step in rest:
            if step.startswith("certbot "):  # again, as for a new domain
                booted.run(step, cwd=SOURCE)
    finally:
        booted.run(f"systemctl stop {service}")
