"""Delta Chat core, driven as its programs drive it.

It trusts the certificates of the public CAs alone, which are compiled in; so it is told to accept
any, as its users can. It then asks the same URLs in the same order.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.real.programs import program

TRIED = re.compile(r"configure failed: .* Used params: .* imap:\[(.*?)\] smtp:\[(.*?)\]")
"""What it says when no server has let it in: those that it tried, `HOST:PORT:ENCRYPTION` each."""


class RefusedError(Exception):
    """Delta Chat answered a call with an error; the message is its own."""


class DeltaChat:
    """Delta Chat core, which speaks JSON-RPC: one message a line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin
        assert process.stdout
        self._input, self._output = process.stdin, process.stdout

    def call(self, method: str, *parameters: object) -> Any:
        """The result of a call. Raises `RefusedError`."""
        self._send(1, method, *parameters)
        answer = self._receive()
        if "error" in answer:
            raise RefusedError(answer["error"]["message"])
        return answer["result"]

    def configure(self, address: str, **by_hand: str | int) -> None:
        """Add the account of an address to a new profile, as its first dialogue does.

        `by_hand`: what else is filled in there. Raises `RefusedError`, unless a server for
        receiving and one for sending have let it in.
        """
        login = {**_login(address), **by_hand}
        self.call("add_or_update_transport", self.call("add_account"), login)

    def tried(self, addresses: Iterable[str]) -> dict[str, tuple[list[str], list[str]]]:
        """The IMAP and SMTP servers that it tries for each address, of which none lets it in.

        All profiles are made side by side.
        """
        profiles = {self.call("add_account"): address for address in addresses}
        for profile, address in profiles.items():
            self._send(profile, "add_or_update_transport", profile, _login(address))
        for _ in profiles:
            assert "error" in self._receive()
        found: dict[str, tuple[list[str], list[str]]] = {}
        while len(found) < len(profiles):
            event = self.call("get_next_event")
            if said := TRIED.search(event["event"].get("msg", "")):
                imap, smtp = (each.split(", ") if each else [] for each in said.groups())
                found[profiles[event["contextId"]]] = imap, smtp
        return found

    def _send(self, number: int, method: str, *parameters: object) -> None:
        call = {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
        self._input.write(json.dumps(call) + "\n")
        self._input.flush()

    def _receive(self) -> Any:
        return json.loads(self._output.readline())


@contextmanager
def delta_chat(folder: Path) -> Iterator[DeltaChat]:
    """One that was never started before; it ends with its input."""
    env = {**os.environ, "DC_ACCOUNTS_PATH": str(folder / "accounts")}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [program("deltachat-rpc-server")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=env,
            text=True,
        ) as process,
    ):
        yield DeltaChat(process)


def _login(address: str) -> dict[str, str]:
    return {
        "addr": address,
        "password": "secret",
        "certificateChecks": "acceptInvalidCertificates",
    }
