"""Load the programs of `programs.toml`."""

from pathlib import Path

import msgspec

from autoconfig.programs.model import Program, ProgramsFile
from autoconfig.typed_toml import read_toml

PACKAGED = Path(__file__).with_name("programs.toml")


def read_programs() -> ProgramsFile:
    """The file as it is, with its sources."""
    return msgspec.convert(read_toml(PACKAGED), ProgramsFile)


def load_programs() -> tuple[Program, ...]:
    """Every program, in the order in which they are told."""
    return read_programs().program
