"""The `autoconfig` command: a file for each of its commands, all of them in one group."""

from autoconfig.cli.group import main

__all__ = ["main"]
