"""Formats in JSON and a redirect that nobody serves, added to a copy: rows and a template."""

from tests.support.copied import Copy

TEMPLATE = """\
{
  "offer": "{{ service.offer.name }}",
  "hostile": "{{ 'A & B <c> "d" \\'e\\'' }}",
{%- if with_address %}
  "address": "%EMAILADDRESS%",
{%- endif %}
  "domain": "%EMAILDOMAIN%"
}
"""

FORMATS = """
        Format(
            "leaflet",
            "leaflet.json",
            JSON,
            fills=(DOMAIN,),
            headers=(("Content-Disposition", 'attachment; filename="leaflet.json"'),),
        ),
        Format("leaflet-card", "leaflet.json", JSON, fills=(ADDRESS, DOMAIN), cache=NO_STORE),
        Format(
            "leaflet-signed",
            "leaflet.json",
            JSON,
            fills=(DOMAIN,),
            finish=lambda text: text + b"signed",
        ),
"""

ENDPOINTS = """
    Endpoint(
        "/mail/leaflet.json",
        ("GET",),
        Kind.DOCUMENT,
        format="leaflet",
        file_host="autoconfig.{domain}",
    ),
    Endpoint(
        "/mail/leaflet-card.json",
        ("GET",),
        Kind.DOCUMENT,
        format="leaflet-card",
        parameter="emailaddress",
    ),
    Endpoint("/mail/leaflet-signed.json", ("GET",), Kind.DOCUMENT, format="leaflet-signed"),
"""

REDIRECT = "/mail/leaflet-paper"
LEADS_TO = "https://paper.example/{offer}"
KIND = """
    PAPER = auto()
"""
TARGET = f"""
    Kind.PAPER: lambda service, path: f"{LEADS_TO.format(offer="{service.offer.id}")}",
"""
PAPER = f"""
    Endpoint("{REDIRECT}", ("GET",), Kind.PAPER),
"""

HOSTILE_LOCAL_PART = r"""a&b<c>"d"'e'\f"""
"""Characters that XML or JSON escapes, and that an address may have."""


def add_formats(copy: Copy) -> None:
    """Add `leaflet`, which has headers of its own and is a file too, and two variants.

    `leaflet-card` needs an address, `leaflet-signed` has a last step.
    """
    copy.write("templates/leaflet.json", TEMPLATE)
    import_kind = "from autoconfig.documents.text import JSON\n"  # once more, if a format has it
    model = "from autoconfig.offers.model import Service\n"
    copy.insert("autoconfig/documents/formats.py", model, import_kind)
    copy.insert("autoconfig/documents/formats.py", "    for row in (", FORMATS.rstrip("\n"))
    copy.insert("autoconfig/answers/endpoints.py", "\nENDPOINTS = (", ENDPOINTS.rstrip("\n"))


def add_redirect(copy: Copy) -> None:
    """Add a kind of URL that is only ever redirected: its name, its target and one row."""
    endpoints, redirects = "autoconfig/answers/endpoints.py", "autoconfig/answers/redirects.py"
    copy.insert(endpoints, '    """How a URL is answered."""\n', KIND.rstrip("\n"))
    copy.insert(endpoints, "\nENDPOINTS = (", PAPER.rstrip("\n"))
    opening = "TARGETS: Mapping[Kind, Callable[[Service, str], str | None]] = {"
    copy.insert(redirects, opening, TARGET.rstrip("\n"))
