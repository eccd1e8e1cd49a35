"""The `autoconfig` command: a file for each of its commands, all of them in one group."""

from autoconfig.cli import export, offers, serve, show, validate
from autoconfig.cli.group import main

__all__ = ["export", "main", "offers", "serve", "show", "validate"]
