"""`autoconfig names`."""

from pathlib import Path

import click

from autoconfig.cli.options import config_option, load, path_of_config
from autoconfig.cli.output import put
from autoconfig.errors import NotServed
from autoconfig.export.advice import client_hosts
from autoconfig.names import certified_names, parse_domain


@click.command()
@click.argument("domains", nargs=-1, metavar="[DOMAIN]...")
@config_option
def names(config_file: Path | None, domains: tuple[str, ...]) -> None:
    """Print every name that needs a DNS record and a certificate.

    One a line: autoconfig. and autodiscover. of every domain, or of each DOMAIN, and without one
    the host of base_url.
    """
    wanted = [parse_domain(text) for text in domains]
    config = load(config_file)
    for domain in wanted:
        if not config.served.serves(domain):
            raise NotServed(f"{path_of_config(config_file)} has no service for {domain}")
    if wanted:
        found = [name for each in dict.fromkeys(wanted) for name in certified_names(each)]
    else:
        found = client_hosts(config.served, config.base_url)
    if not found:
        path = path_of_config(config_file)
        raise NotServed(f"{path} names no domain; `detect = true` has no list of them")
    put("\n".join(found))
