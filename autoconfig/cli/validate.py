"""`autoconfig validate`."""

from pathlib import Path

import click

from autoconfig.cli.options import config_option, load
from autoconfig.cli.output import put, summary
from autoconfig.config.load import config_path


@click.command()
@config_option
def validate(config_file: Path | None) -> None:
    """Check the configuration and say every mistake in it."""
    path = config_path(config_file)
    put(f"{path}: {summary(load(path))}")
