"""Thunderbird under Xvfb, with a new profile that trusts the throw-away CA."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real.clients.marionette import Marionette, marionette
from tests.real.programs import STOP_SECONDS, Command, program, running, wait_for
from tests.support.running import free_port

PREFERENCES = {
    "mail.shell.checkDefaultClient": False,  # a question of its own over the window
    "intl.locale.requested": "en-US",
    "network.dnsCacheExpiration": 0,  # names move under it
}

SOCKETS = {0: "plain", 2: "STARTTLS", 3: "SSL"}  # nsMsgSocketType

MODULES = """
const modules = name =>
  ChromeUtils.importESModule(`resource:///modules/accountcreation/${name}.sys.mjs`);
"""
PLAIN = """
const { AccountConfig } = modules("AccountConfig");
const plain = (config, address) => {
  if (!config) {
    return null;
  }
  AccountConfig.replaceVariables(config, "Alice Example", address, "");
  return {
    source: config.subSource,
    incoming: [config.incoming, ...config.incomingAlternatives],
    outgoing: [config.outgoing, ...config.outgoingAlternatives],
  };
};
"""
"""What a script returns of a configuration that Thunderbird found, filled in as it does."""
FIND = f"""
{MODULES} {PLAIN}
const {{ FindConfig }} = modules("FindConfig");
const find = async (address, password) => {{
  const domain = address.split("@")[1];
  const {{ signal }} = new AbortController();
  const search = FindConfig.parallelAutoDiscovery(domain, address, signal, password, "");
  let found = await search.next();
  const confirmed = found.value?.isRedirect ? [found.value.host] : [];
  if (confirmed.length) {{
    found = await search.next({{ acceptRedirect: true }});
  }}
  return {{ confirmed, config: plain(found.value, address) }};
}};
"""
"""All look-ups at once, as the window makes them; its question is answered with yes."""


@contextmanager
def display(folder: Path) -> Iterator[str]:
    """The name of an X display that nobody sees."""
    log = folder / "display"
    screen = ["-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with running([program("Xvfb"), "-displayfd", "1", *screen], log):
        number = wait_for(lambda: _first_line(log), "Xvfb")
        yield f":{number}"


@contextmanager
def thunderbird(display: str, ca: Path, folder: Path) -> Iterator[Marionette]:
    """A first start: no account yet."""
    profile, home, port = folder / "profile", folder / "home", free_port()
    profile.mkdir(parents=True)
    home.mkdir()
    database = f"sql:{profile}"
    for arguments in (
        ["-N", "--empty-password"],
        ["-A", "-n", "throw-away", "-t", "C,,", "-i", ca],
    ):
        subprocess.run([program("certutil"), "-d", database, *arguments], check=True)
    (profile / "user.js").write_text(
        "".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in {**PREFERENCES, "marionette.port": port}.items()
        )
    )
    command: Command = [program("thunderbird"), "--no-remote", "--profile", profile]
    env = {"DISPLAY": display, "HOME": str(home), "MOZ_CRASHREPORTER_DISABLE": "1"}
    with (
        running(
            [*command, "--marionette", "--remote-allow-system-access"], folder / "log", env
        ) as process,
        marionette(port) as driver,
    ):
        yield driver
        driver.command("Marionette:Quit", {"flags": ["eForceQuit"]})
        process.wait(STOP_SECONDS)


def _first_line(path: Path) -> str | None:
    line, end, _ = path.read_text().partition("\n")
    return line if end else None
