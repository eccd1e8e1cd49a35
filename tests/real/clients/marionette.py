"""A client of Marionette, the remote control of Mozilla's programs.

Each message is `LENGTH:JSON`. The program greets first; then a command `[0, id, name, parameters]`
is answered by `[1, id, error, result]`. Mozilla's `remote/marionette/` describes the commands.
"""

import base64
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 90
ANSWER_SECONDS = 60
ASYNC = """
const [...given] = arguments;
const done = given.pop();
(async (...arguments) => { %s })(...given).then(
  value => done({ value }), error => done({ error: `${error}\n${error.stack}` })
);
"""


class MarionetteError(Exception):
    """The program refused a command, or a script raised; the message is the program's own."""


@contextmanager
def marionette(port: int) -> Iterator["Marionette"]:
    """A session with the rights of the program itself, which Marionette calls "chrome"."""
    with closing(_connect(port)) as connection:
        session = Marionette(connection)
        session.greeting()
        session.command("WebDriver:NewSession", {})
        session.command("WebDriver:SetTimeouts", {"script": ANSWER_SECONDS * 1000})
        session.command("Marionette:SetContext", {"value": "chrome"})
        yield session


class Marionette:
    """One session over a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._pending = b""
        self._count = 0

    def greeting(self) -> None:
        """Take what the program says first."""
        self._receive()

    def command(self, name: str, parameters: dict[str, object]) -> Any:
        """The result of a command. Raises `MarionetteError`."""
        self._count += 1
        message = json.dumps([0, self._count, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, number, error, result = self._receive()
        assert number == self._count
        if error:
            raise MarionetteError("{error}: {message}\n{stacktrace}".format(**error))
        return result["value"] if isinstance(result, dict) and "value" in result else result

    def run(self, script: str, *arguments: object) -> Any:
        """What the body of an async function returns, run in the front window.

        Raises `MarionetteError` with what the function threw.
        """
        answer = self.command(
            "WebDriver:ExecuteAsyncScript", {"script": ASYNC % script, "args": arguments}
        )
        if "error" in answer:
            raise MarionetteError(answer["error"])
        return answer.get("value")  # JSON has no undefined

    def click(self, element: str) -> None:
        """Press the mouse on what a JavaScript expression names. It must be visible."""
        self.command("WebDriver:ElementClick", {"id": self._reference(element)})

    def type(self, element: str, text: str) -> None:
        """Replace the text of a field by what the keyboard writes."""
        field = self._reference(element)
        self.command("WebDriver:ElementClear", {"id": field})
        self.command("WebDriver:ElementSendKeys", {"id": field, "text": text})

    def screenshot(self, path: Path) -> None:
        """Write a PNG of the window."""
        path.write_bytes(base64.b64decode(self.command("WebDriver:TakeScreenshot", {})))

    def _reference(self, element: str) -> str:
        (reference,) = self.run(f"return {element};").values()
        return str(reference)

    def _receive(self) -> Any:
        while b":" not in self._pending:
            self._read()
        length, _, self._pending = self._pending.partition(b":")
        while len(self._pending) < int(length):
            self._read()
        message = self._pending[: int(length)]
        self._pending = self._pending[int(length) :]
        return json.loads(message)

    def _read(self) -> None:
        found = self._socket.recv(1 << 16)
        if not found:
            raise MarionetteError("the program closed the connection")
        self._pending += found


def _connect(port: int) -> socket.socket:
    """A connection, as soon as the starting program listens."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS + 10)
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
