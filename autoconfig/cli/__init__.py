"""The `autoconfig` command."""

from autoconfig.cli.group import main

__all__ = ["main"]
