"""`autoconfig validate`."""

from pathlib import Path

import click

from autoconfig.cli.options import config_option, load, path_of_config
from autoconfig.cli.output import put, summary


@click.command()
@config_option
def validate(config_file: Path | None) -> None:
    """Check the configuration and say every mistake in it."""
    put(f"{path_of_config(config_file)}: {summary(load(config_file, signs=True))}")
