"""`make audit`: whether a weakness is known of what the lock files name.

`pip-audit` calls a package that its database does not know skipped, and ends well even if that is
every one, as behind a mirror of PyPI. So its answer is read here, and what was not asked is said.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

LOCKS = ("requirements.lock", "requirements-dev.lock")
IGNORED: Mapping[str, str] = {}
"""Weaknesses that do not touch us, by their identifier, with the reason."""

NOT_REACHED = re.compile(
    r"\.(?:ConnectionError|ProxyError|SSLError|ConnectTimeout|ReadTimeout):"
    r"|not connect to|5\d\d Server Error"
)
"""How `pip-audit` says, or shows in a traceback, that it got no answer."""


def main() -> None:
    """Ends with 1 where something is found, or `pip-audit` fails for another reason."""
    command = [str(Path(sys.executable).with_name("pip-audit")), "--format=json", "--disable-pip"]
    command += ["--require-hashes", "--progress-spinner=off"]
    command += [f"--requirement={lock}" for lock in LOCKS]
    command += [f"--ignore-vuln={identifier}" for identifier in IGNORED]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said, is_well = judged(done.stdout, done.stderr)
    print(f"make audit: {said}")  # noqa: T201  # it is a command
    sys.exit(not is_well)


def judged(output: str, messages: str) -> tuple[str, bool]:
    """What `pip-audit` has found, in words, and whether a change may land."""
    if not output.strip():
        if NOT_REACHED.search(messages):
            return "NOT ASKED: the database of weaknesses cannot be reached", True
        return f"pip-audit has failed:\n{messages}", False
    packages = json.loads(output)["dependencies"]
    unknown = [each["name"] for each in packages if "skip_reason" in each]
    weak = [
        f"{each['name']} {each['version']}: {weakness['id']}, mended in {weakness['fix_versions']}"
        for each in packages
        for weakness in each.get("vulns", ())
    ]
    if weak:
        return "\n".join(("weaknesses are known:", *weak)), False
    if len(unknown) == len(packages):
        return "NOT ASKED: the database that was reached knows none of the packages", True
    if unknown:
        return f"the database does not know {', '.join(unknown)}", False
    return f"no weakness is known of {len(packages)} packages", True


if __name__ == "__main__":
    main()
