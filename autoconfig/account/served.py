"""Whether name servers serve what a zone of the account holds."""

from collections.abc import Sequence

from autoconfig.account.zones import SET_ASIDE
from autoconfig.zone.live import Interest, Live
from autoconfig.zone.record import Record
from autoconfig.zone.text import Zone


def is_served(records: Sequence[Record], live: Live, interest: Interest) -> bool:
    """Whether the newest copy has these records, and no others, at the names of interest."""

    def counts(record: Record) -> bool:
        kinds = (*interest.get(record.name, ()), "CNAME")  # which answers every question
        looked_at = record.name in interest and record.type in kinds
        return looked_at and record.type not in SET_ASIDE

    here = {each.said for each in filter(counts, records)}
    return here == {each.said for each in filter(counts, live.records)}


def other_servers(zone: Zone, live: Live) -> tuple[str, ...]:
    """The name servers of a domain, if none of them is named in the zone: others have its records.

    Empty where the zone is theirs, or nobody knows.
    """
    named = {
        record.value.removesuffix(".")
        for record in zone.records
        if record.type == "NS" and record.name == f"{zone.origin}."
    }
    servers = (*live.asked, *live.unreached)
    return () if not named or named & {*servers} else servers
