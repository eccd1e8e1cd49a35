"""The snippet for nginx, as it is written; what it answers is tested in `tests/real/webspace/`."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from autoconfig.answers.endpoints import ENDPOINTS
from autoconfig.config.served import Served
from autoconfig.documents.formats import FORMATS
from autoconfig.documents.render import Renderings
from autoconfig.export import rules
from autoconfig.export.nginx import NGINX, SNIPPET
from autoconfig.names import Domain
from autoconfig.offers.catalogue import PACKAGED
from tests.support.exports import run
from tests.support.services import RENDERINGS, SERVICES

SERVED = Served({Domain("example.com"): SERVICES["mx-plan-eu"]})


def with_header(monkeypatch: pytest.MonkeyPatch, value: str) -> str:
    """The snippet, if the Mozilla document had a header of its own."""
    format = replace(FORMATS["autoconfig"], headers=(("Content-Disposition", value),))
    monkeypatch.setattr(rules, "FORMATS", {**FORMATS, "autoconfig": format})
    return NGINX.own_files(SERVED, RENDERINGS, None)[SNIPPET]


def test_nothing_is_missing_where_all_is_exchange(tmp_path: Path) -> None:
    arguments = ("--offer", "exchange-hosted", "--server", "ex4", "example.com")
    assert "Outlook" not in run(str(tmp_path), "--for", "nginx", *arguments).stderr


def test_server_names_are_shown_as_nginx_takes_them() -> None:
    text = NGINX.own_files(SERVED, Renderings(), None)[SNIPPET]
    assert "server_name autoconfig.example.com autodiscover.example.com;" in text


def test_header_of_a_format_is_sent_with_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    text = with_header(monkeypatch, r'attachment; filename="a\b"')
    header = r'add_header Content-Disposition "attachment; filename=\"a\\b\"";'
    assert text.count(header) == len(rules.file_endpoints())


def test_header_that_nginx_would_expand_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"nginx cannot send \$host"):
        with_header(monkeypatch, "$host")


def test_each_file_is_answered_by_its_own_row_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = ENDPOINTS
    other = replace(first, not_found_cache="max-age=7", methods=("GET", "POST"), any_origin=False)
    monkeypatch.setattr(rules, "ENDPOINTS", (other, *others))
    text = NGINX.own_files(SERVED, RENDERINGS, None)[SNIPPET]
    unknown = [
        text.partition(f"location @autoconfig_unknown_{number} {{")[2].partition("\n}")[0]
        for number in (1, 2)
    ]
    assert "max-age=7" in unknown[0]
    assert "Access-Control-Allow-Origin" not in unknown[0]
    assert "public, max-age=300" in unknown[1]
    assert "Access-Control-Allow-Origin" in unknown[1]
    assert text.count('add_header Allow "GET, POST, HEAD, OPTIONS"') == 2


def test_hostile_url_of_an_offer_stays_inside_its_quotes(tmp_path: Path) -> None:
    """nginx expands `$` between quotes, and ends them at a backslash's pleasure."""
    offers = PACKAGED.read_text(encoding="utf-8")
    hostile = re.sub(r'(xml = "https://{server}).*"', r'\1/$host\\\\/a.xml"', offers)
    (tmp_path / "own.toml").write_text(hostile)
    (tmp_path / "autoconfig.toml").write_text(
        'offers_file = "own.toml"\n[[service]]\noffer = "exchange-hosted"\nserver = "ex4"\n'
        'domains = ["example.com"]\n'
    )
    config = tmp_path / "autoconfig.toml"
    assert run(str(tmp_path), "--for", "nginx", "--config", str(config)).exit_code == 0
    snippet = (tmp_path / SNIPPET).read_text()
    assert "/%24host%5C/a.xml" in snippet
    assert "/$host" not in snippet


def test_domain_that_begins_as_our_names_do_is_matched_after_those_within_it() -> None:
    """The last one that matches counts, so the longest comes last."""
    names = ("www.autoconfig.example", "autoconfig.example", "example.com")
    served = Served(dict.fromkeys(map(Domain, names), SERVICES["mx-plan-eu"]))
    text = NGINX.own_files(served, RENDERINGS, None)[SNIPPET]
    found = re.findall(r"\(\?:www\\\.\)\?\?\((.*)\)\$", text)
    assert found == [re.escape(name) for name in reversed(names[:2])]
