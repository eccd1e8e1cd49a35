"""An owner's walk: the form, its ZIP unpacked and uploaded, and Apache with PHP answers.

The names and pages are read out of the steps in the ZIP, as an owner reads them.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autoconfig.config.load import load_config
from autoconfig.generator.steps import FOLDER
from autoconfig.web import create_app
from tests.real.webspace.pairs import PHP
from tests.real.webspace.questions import Question, ask, posted
from tests.real.webspace.servers import Web
from tests.support.recipes import EXAMPLE
from tests.support.requests import MOZILLA, pox
from tests.support.services import service_of

DOMAINS = ("example.org", "xn--caf-dma.example")
PRO1 = service_of("email-pro").host or ""


@pytest.fixture(scope="module")
def uploaded(space: Path) -> Path:
    """The ZIP of the form, unpacked where the web space begins."""
    client = create_app(replace(load_config(EXAMPLE), generator=True)).test_client()
    typed = {"offer": "email-pro", "server": f"https://{PRO1}/owa", "domains": ", ".join(DOMAINS)}
    answer = client.post("/generator?lang=fr", data=typed)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        packed.extractall(space / "uploaded")
    return space / "uploaded"


@pytest.fixture(scope="module")
def steps(uploaded: Path) -> str:
    return (uploaded / "LISEZMOI.txt").read_text(encoding="utf-8-sig")


@pytest.fixture(scope="module", params=PHP)
def apache(request: pytest.FixtureRequest, space: Path, uploaded: Path) -> Iterator[Web]:
    folder = space / f"uploaded-{request.param}"
    with PHP[request.param](uploaded / FOLDER, folder) as server:
        yield server


def test_steps_name_each_host_that_is_to_lead_there(steps: str) -> None:
    names = [
        f"{prefix}.{domain}" for domain in DOMAINS for prefix in ("autoconfig", "autodiscover")
    ]
    assert re.findall(r"^    (auto\S+\.\S+)$", steps, flags=re.MULTILINE) == names


def test_pages_that_the_steps_lead_to_show_the_settings(apache: Web, steps: str) -> None:
    urls = re.findall(r"^    https://(\S+?)(/\S*)$", steps, flags=re.MULTILINE)
    assert [name for name, _ in urls] == [f"autoconfig.{domain}" for domain in DOMAINS]
    for name, target in urls:
        answer = ask(apache.port, Question("GET", target, name))
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert PRO1.encode() in answer.body


@pytest.mark.parametrize("domain", DOMAINS)
def test_mail_programs_get_the_settings(apache: Web, domain: str) -> None:
    question = Question("GET", f"{MOZILLA}?emailaddress=alice@{domain}", f"autoconfig.{domain}")
    answer = ask(apache.port, question)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert f"<hostname>{PRO1}</hostname>".encode() in answer.body
    outlook = ask(apache.port, posted(pox(f"alice@{domain}"), f"autodiscover.{domain}"))
    assert outlook.status == 200
    assert f"<LoginName>alice@{domain}</LoginName>".encode() in outlook.body


def test_nothing_else_is_answered(apache: Web) -> None:
    other = Question("GET", f"{MOZILLA}?emailaddress=a@example.net", f"autoconfig.{DOMAINS[0]}")
    assert ask(apache.port, other).status == 404
    for target in ("/.autoconfig-export.json", "/LISEZMOI.txt", "/autoconfig-data.php"):
        assert ask(apache.port, Question("GET", target, DOMAINS[0])).status in {403, 404}


def test_php_has_nothing_to_say(apache: Web) -> None:
    """The last of the tests: nothing before it has made a warning."""
    assert re.findall(r"PHP (?:Fatal|Parse|Warning|Notice|Deprecated).*", apache.messages()) == []
