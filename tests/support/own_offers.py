"""A file of offers that an operator writes for a host of mail of their own."""

SOURCE = """\
schema_version = 1

[source.guide]
title = "A guide"
where = "https://docs.example/guide"
verified = 2026-11-24
"""
OFFER = """
[[offer]]
id = "acme-mail"
name = "Acme Mail"
display_name = "Acme Mail"
short_name = "Acme"
aliases = ["acme"]
outlook = "imap"
source = ["guide"]
login = { username = "%EMAILADDRESS%", authentication = "password-cleartext", source = ["guide"] }
quota = { gigabytes = 7, source = ["guide"] }
documentation = [
  { lang = "en", url = "https://docs.example/guide", text = "The guide", source = ["guide"] },
]

[offer.region.eu]
dns = { source = ["guide"] }
servers = [
  { protocol = "imap", host = "{server}", port = 993, socket = "SSL", source = ["guide"] },
  { protocol = "smtp", host = "{server}", port = 587, socket = "STARTTLS", source = ["guide"] },
]

[offer.region.eu.server]
kind = "numbered"
pattern = "box{n}.acme.example"
observed = ["box1.acme.example"]
source = ["guide"]
"""
OWN_OFFERS = SOURCE + OFFER
"""A file of one offer that is right in every way."""

AUTODISCOVER = """
[offer.region.eu.autodiscover]
xml = "https://{server}/a.xml"
svc = "https://{server}/a.svc"
json = "https://{server}/a.json"
source = ["guide"]
"""
"""What an offer of Exchange has beside."""
