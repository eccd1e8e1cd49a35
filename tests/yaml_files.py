"""The YAML files around the code: each is read, and held to the schema that its reader has.

Part of `make check`, in the environment of the real programs, which has the schemas. Those of
`deploy/`, and the tests of its alert rules, are held to theirs by `make hosting`.
"""

import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
SCHEMAS = {
    ".github/workflows/*.yml": "vendor.github-workflows",
    ".github/ISSUE_TEMPLATE/*.yml": "vendor.github-issue-forms",
}
"""The schemas that check-jsonschema carries, by the files that they are for."""
ELSEWHERE = ("deploy", "tests/real/hosting")
WITHOUT_SCHEMA = {ROOT / ".pre-commit-config.yaml"}
"""Files that are only read: pre-commit itself checks the rest when it runs."""


def main() -> None:
    """Ends with 1 where a file is wrong, or has no schema."""
    listed = subprocess.run(
        ["git", "ls-files", "*.yml", "*.yaml"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found = {ROOT / name for name in listed if not name.startswith(ELSEWHERE)}
    for file in found:
        YAML(typ="safe").load(file)
    for pattern, schema in SCHEMAS.items():
        files = [str(file) for file in ROOT.glob(pattern)]
        program = str(Path(sys.executable).with_name("check-jsonschema"))
        command = [program, "--quiet", "--builtin-schema", schema, *files]
        if subprocess.run(command, check=False).returncode:
            sys.exit(1)
        found -= {*ROOT.glob(pattern)}
    if found != WITHOUT_SCHEMA:
        sys.exit(f"without a schema: {found}")


if __name__ == "__main__":
    main()
