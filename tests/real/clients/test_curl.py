"""curl with NTLM, which posts nothing at first, as every program does that logs in that way."""

import subprocess

import pytest

from tests.real.clients.front import Front
from tests.real.clients.mailboxes import EXCHANGE, Mailbox
from tests.real.programs import Command, program
from tests.support.requests import POX

ROOTS = ("https://{domain}", "https://autodiscover.{domain}", "http://autodiscover.{domain}")
BODY = "<Autodiscover/>"  # curl keeps it back until the server has asked it to log in


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("mailbox", EXCHANGE, ids=lambda each: each.domain)
def test_empty_post_is_redirected(front: Front, mailbox: Mailbox, root: str) -> None:
    """It is sent to the Exchange server, which will ask for the log-in."""
    command: Command = [program("curl"), "--silent", "--cacert", front.ca, "--ntlm"]
    shown = ["--user", f"{mailbox.address}:secret", "--data", BODY, "--output", "/dev/null"]
    shown += ["--write-out", "%{http_code} %{size_upload} %{redirect_url}"]
    url = root.format(domain=mailbox.domain) + POX
    run = subprocess.run([*command, *shown, url], check=True, capture_output=True, text=True)
    assert run.stdout == f"302 0 https://{mailbox.exchange}{POX}"
