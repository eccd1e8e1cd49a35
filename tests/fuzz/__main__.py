"""`make fuzz`: each target in turn, by Atheris, which is libFuzzer for Python.

python -m tests.fuzz SECONDS [TARGET [OPTION OF LIBFUZZER …]]

What has reached new code stays in build/fuzz, and a next run begins with it; so does what failed.
"""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["autoconfig", "idna"]):
    from tests.fuzz.targets import TARGETS

BUILD = Path("build/fuzz")


def main() -> None:
    seconds, *rest = sys.argv[1:]
    if rest:
        fuzz(rest[0], [f"-max_total_time={seconds}", *rest[1:]])
    each = str(int(seconds) // len(TARGETS))
    failed = [
        name
        for name in TARGETS
        if subprocess.run([sys.executable, "-m", "tests.fuzz", each, name], check=False).returncode
    ]
    if failed:
        sys.exit(f"make fuzz: found something in {', '.join(failed)}; the inputs are in {BUILD}")
    print("make fuzz: nothing found")  # noqa: T201  # it is a command


def fuzz(name: str, options: list[str]) -> None:
    """Does not return: libFuzzer ends the process."""
    target = TARGETS[name]
    inputs = BUILD / name
    inputs.mkdir(parents=True, exist_ok=True)
    for content in target.inputs:
        (inputs / sha256(content).hexdigest()[:16]).write_bytes(content)
    limits = [f"-max_len={target.longest}", "-timeout=10", "-rss_limit_mb=1024"]
    quiet = ["-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={BUILD}/{name}-"]
    atheris.Setup([name, str(inputs), *limits, *quiet, *options], target.holds)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
