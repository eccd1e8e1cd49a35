"""Options that commands share, and their choice: a configuration, or one service without it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from autoconfig.cli.output import say
from autoconfig.documents.formats import LANGUAGES
from autoconfig.errors import NotServed
from autoconfig.names import Domain, EmailAddress, require_mail
from autoconfig.offers.catalogue import DEFAULT_REGION, load_catalogue
from autoconfig.offers.model import Service
from autoconfig.problems import ConfigurationError, Problem

if TYPE_CHECKING:
    from autoconfig.config.load import Config

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice that `--config`, or `--offer` with `--server` and `--region`, make."""

    config_file: Path | None = None
    offer: str | None = None
    server: str | None = None
    region: str | None = None

    def config(self, *, signs: bool = False) -> "Config":
        """The configuration, as `load` has it. Raises `UsageError` beside `--server`."""
        if self.server is not None or self.region is not None:
            raise click.UsageError("--server and --region go with --offer")
        return load(self.config_file, signs=signs)

    def offered(self, offer: str) -> Service:
        """The service that the options describe, in place of a configuration."""
        if self.config_file is not None:
            raise click.UsageError("--offer and --config exclude each other")
        region = self.region or DEFAULT_REGION
        try:
            service, doubts = load_catalogue().service(offer, region, self.server, "--server")
        except ConfigurationError as error:
            problems = [Problem(f"--{each.where}", each.message) for each in error.problems]
            raise ConfigurationError(problems) from None
        for doubt in doubts:
            say(f"warning: --{doubt}")
        return service

    def find(self, name: Domain | EmailAddress, *, signs: bool) -> tuple[Service, "Config | None"]:
        """The service of a name, and the configuration if it stands in one, as `config` has it.

        Raises `NotServed` if the configuration has none.
        """
        require_mail(name)
        if self.offer is not None:
            return self.offered(self.offer), None
        config = self.config(signs=signs)
        service = config.served.find(name)
        if service is None:
            path, domain = path_of_config(self.config_file), str(name).rpartition("@")[2]
            detected = f"`autoconfig detect {domain}` tells what to give by --offer"
            instead = detected if config.detect else "add it to one, or give --offer"
            raise NotServed(f"{path} has no service for {name}; {instead}")
        return service, config


def path_of_config(config_file: Path | None) -> Path:
    """The path that `--config` gives, else the environment, else the default."""
    from autoconfig.config.load import config_path  # noqa: PLC0415  # as in `load`

    return config_path(config_file)


def has_config() -> bool:
    """Whether the environment names a configuration, or one is where it is looked for."""
    from autoconfig.config.load import DEFAULT_PATH  # noqa: PLC0415  # as in `load`

    return path_of_config(None) != DEFAULT_PATH or DEFAULT_PATH.exists()


def load(config_file: Path | None, *, signs: bool = False) -> "Config":
    """The configuration, after its warnings have been said. Raises `ConfigurationError`.

    `signs`: as in `load_config`.
    """
    from autoconfig.config.load import load_config  # noqa: PLC0415  # --offer needs none of it

    config = load_config(path_of_config(config_file), signs=signs)
    for warning in config.warnings:
        say(f"warning: {warning}")
    return config


def config_option(command: Command) -> Command:
    """Give a command `--config`."""
    return click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        help="Configuration file. Default: $AUTOCONFIG_CONFIG, else autoconfig.toml.",
    )(command)


def resolver_option(command: Command) -> Command:
    """Give a command `--resolver`."""
    return click.option(
        "--resolver",
        "resolvers",
        multiple=True,
        metavar="HOST[:PORT]",
        help="A name server to ask, in place of the system's. May be given again.",
    )(command)


def choice_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--config` and `--offer`, as a parameter `choice`."""

    @wraps(command)
    def with_choice(
        *arguments: Any,
        config_file: Path | None,
        offer: str | None,
        server: str | None,
        region: str | None,
        **more: Any,
    ) -> None:
        command(*arguments, choice=Choice(config_file, offer, server, region), **more)

    for option in (
        click.option("--region", help=f'Region of the service. Default: "{DEFAULT_REGION}".'),
        click.option("--server", help="The service's server, as the control panel shows it."),
        click.option("--offer", help="Do without a configuration: the OVH offer."),
    ):
        with_choice = option(with_choice)
    return config_option(with_choice)


def spoken() -> str:
    """The language of the environment, as POSIX ranks its variables; of `LANGUAGES`."""
    variables = map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))
    language = next(filter(None, variables), "")[:2]
    return language if language in LANGUAGES else LANGUAGES[0]
