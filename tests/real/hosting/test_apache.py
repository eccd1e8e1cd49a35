"""`deploy/apache.conf`: a reverse proxy beside the other sites of the machine."""

from tests.real.hosting.fronts import Front
from tests.support.recipes import DEPLOY, steps
from tests.support.requests import MOZILLA


def test_nothing_else_of_the_web_root_is_published(apache: Front) -> None:
    (apache.folder / "private.txt").write_text("private")
    for path in ("/private.txt", "/.well-known/acme-challenge/../../private.txt"):
        assert b"private" not in apache.ask(path, scheme="http").body


def test_apache_is_no_proxy_for_other_servers(apache: Front) -> None:
    """The server answers for the name in the request line, or says that it has none."""
    answer = apache.ask("http://www.other.example/", scheme="http")
    assert answer.status == 404


def test_no_address_is_written_to_a_log(apache: Front) -> None:
    apache.ask(f"{MOZILLA}?emailaddress=carol@example.fr")
    written = [path for path in apache.folder.iterdir() if path.is_file()]
    assert all(b"carol" not in path.read_bytes() for path in written)


def test_steps_enable_what_they_install() -> None:
    commands = steps(DEPLOY / "apache.conf")
    assert commands[0] == "apt install apache2 certbot"
    assert "a2ensite autoconfig" in commands
    assert "cp deploy/apache.conf /etc/apache2/sites-available/autoconfig.conf" in commands
