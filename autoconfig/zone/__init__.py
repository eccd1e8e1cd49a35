"""The DNS records of a domain: what they should be, what they are, and what to change."""
