"""`autoconfig offers`."""

import click

from autoconfig.cli.output import put
from autoconfig.offers import listing
from autoconfig.offers.catalogue import load_catalogue


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def offers(*, as_json: bool) -> None:
    """List the offers, their servers and where each fact was read."""
    catalogue = load_catalogue()
    put(listing.for_programs(catalogue) if as_json else listing.for_people(catalogue))
