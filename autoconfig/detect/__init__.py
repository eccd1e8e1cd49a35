"""Which offer a domain has, as its DNS zone tells."""
