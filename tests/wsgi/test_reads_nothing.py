"""An application reads no file once it is made: its program may be replaced while it runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.name_server import name_server, records
from tests.support.recipes import EXAMPLE
from tests.support.services import service_of

PROGRAM = """
import sys
from pathlib import Path
from werkzeug.test import EnvironBuilder, run_wsgi_app
from autoconfig.answers.metrics import Metrics
from autoconfig.web import create_app
from autoconfig.wsgi.journal import Journal
from tests.support.questions import QUESTIONS
from tests.support.requests import MOZILLA
from tests.support.serving import asked

metrics = Metrics()
metrics.text()
app = create_app(Path(sys.argv[1]), Journal(lambda line: None, metrics))
questions = [
    *QUESTIONS,
    asked("GET", "/metrics"),
    asked("GET", f"{MOZILLA}?emailaddress=a@caf%C3%A9.example"),
    asked("GET", "/", "xn--caf-dma.example"),
]
environs = [
    EnvironBuilder(target, method=method, headers=[*headers.items()], data=body).get_environ()
    for method, target, headers, body, _ in questions
]
run_wsgi_app(lambda environ, start: start("200 OK", []) and (), environs[0])
read = set()

def note(event, arguments):
    if event in ("open", "import"):
        read.add(f"{event} {arguments[0]}")

sys.addaudithook(note)
answers = [(environ["PATH_INFO"], run_wsgi_app(app, environ)[1]) for environ in environs]
assert (MOZILLA, "200 OK") in answers
print(*sorted(read), sep="\\n")
"""


def _read(configuration: Path) -> str:
    """What the application of a configuration reads and imports while it answers."""
    command = [sys.executable, "-c", PROGRAM, str(configuration)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_answers_read_no_file_and_import_no_module() -> None:
    assert _read(EXAMPLE) == ""


@pytest.mark.parametrize(("offer", "server"), [("email-pro", "pro77"), ("exchange-hosted", "ex77")])
def test_nor_do_answers_that_the_dns_tells_of_a_service_that_was_not_expected(
    tmp_path: Path, offer: str, server: str
) -> None:
    service = service_of(offer, server=server)
    mx = [f"example.com. 300 MX {each.preference} {each.host}." for each in service.dns.mx]
    srv = f"_autodiscover._tcp.example.com. 300 SRV 0 0 443 {service.host}."
    zone = {"example.com MX": records(*mx), "_autodiscover._tcp.example.com SRV": records(srv)}
    configuration = tmp_path / "autoconfig.toml"
    with name_server(zone) as names:
        host, port = names.address
        configuration.write_text(f'detect = true\nresolvers = ["{host}:{port}"]\n')
        assert _read(configuration) == ""
        assert "example.com MX udp" in names.asked
