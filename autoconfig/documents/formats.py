"""The table of formats: every form in which a service's settings are written.

To add a format: a row in `FORMATS` and a template; then a row in `answers.endpoints.ENDPOINTS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from autoconfig.documents.placeholders import (
    ADDRESS,
    DOMAIN,
    LOCAL_PART,
    PLACEHOLDERS,
    QUOTED_ADDRESS,
    UNICODE_DOMAIN,
    UUIDS,
)
from autoconfig.documents.text import CODES, FORM, HTML, PROFILE, SCANNED, TEXT, XML, TextKind
from autoconfig.offers.model import Service

SHARED_HOUR = "public, max-age=3600"
HOUR = "max-age=3600"
NO_STORE = "no-store"

LANGUAGES = ("en", "fr")
"""Those of the pages for people. The first one is for everybody else."""
VARY_LANGUAGE = ("Vary", "Accept-Language")
"""A header of every page that is written in one of them."""
VARY_READER = ("Vary", "Accept-Language, User-Agent")
"""A header of the page of settings, which has the reader's device first, too."""


def _always(service: Service) -> bool:
    return True


def _answers_outlook(service: Service) -> bool:
    return service.autodiscover is None


def _has_activesync(service: Service) -> bool:
    return service.activesync is not None


def _has_ews(service: Service) -> bool:
    return service.ews is not None


@dataclass(frozen=True, slots=True)
class Format:
    """One spelling of a service's settings.

    `kind`: what it is written in; `dataclasses.replace` gives one with a media type or an ending of
    its own. `fills`: the placeholders that we fill in, the others are the client's. `errors`: what
    an error is written in where this document was asked for. `headers`: of its answers alone.
    `finish`: the last step, after filling, such as a signature; web space cannot take it.
    `offered`: whether a service has this document; `needs` is what it must have, for a message.
    `for_domain`: the format to use when only the domain is known. `asked_for`: whether
    `autoconfig show` offers it; a variant is hidden. `language`: of a page for people.
    """

    name: str
    template: str
    kind: TextKind
    fills: tuple[str, ...]
    errors: TextKind = TEXT
    cache: str = SHARED_HOUR
    headers: tuple[tuple[str, str], ...] = ()
    finish: Callable[[bytes], bytes] | None = None
    offered: Callable[[Service], bool] = _always
    needs: str = ""
    for_domain: str | None = None
    asked_for: bool = True
    language: str = LANGUAGES[0]

    @property
    def needs_address(self) -> bool:
        return any(PLACEHOLDERS[each].personal for each in self.fills)


def in_language(format: str, language: str) -> str:
    """The name of a format for people in one of `LANGUAGES`."""
    return format if language == LANGUAGES[0] else f"{format}-{language}"


def _pages(language: str) -> tuple[Format, Format]:
    """The page of a person, and that of a domain."""
    domain = Format(
        in_language("page-domain", language),
        "page.html",
        FORM,
        fills=(UNICODE_DOMAIN,),
        errors=HTML,
        headers=(VARY_READER,),
        asked_for=False,
        language=language,
    )
    return (
        replace(
            domain,
            name=in_language("page", language),
            kind=CODES,
            fills=(ADDRESS, LOCAL_PART, DOMAIN, UNICODE_DOMAIN, QUOTED_ADDRESS),
            cache=NO_STORE,
            for_domain=domain.name,
            asked_for=language == LANGUAGES[0],
        ),
        domain,
    )


APPLE_DEVICES = ("iphone", "mac")
"""What an Apple profile may be for. Each has a kind of Exchange account that the other lacks."""


def profile_for(device: str, language: str, service: Service) -> str:
    """The name of a service's profile for one of `APPLE_DEVICES`; that of its mail servers for any
    other, and where the service has nothing of its own for the device.
    """
    mail = in_language("mobileconfig", language)
    own = in_language(f"mobileconfig-{device}", language) if device in APPLE_DEVICES else mail
    return own if FORMATS[own].offered(service) else mail


def _profiles(language: str) -> tuple[Format, ...]:
    """The Apple profile of the mail servers, that of ActiveSync, and that of EWS."""
    mail = Format(
        in_language("mobileconfig", language),
        "profile.mobileconfig",
        PROFILE,
        fills=(ADDRESS, LOCAL_PART, DOMAIN, UNICODE_DOMAIN, *UUIDS),
        errors=HTML,
        cache=NO_STORE,
        headers=(
            ("Content-Disposition", 'attachment; filename="email.mobileconfig"'),
            VARY_LANGUAGE,
        ),
        asked_for=language == LANGUAGES[0],
        language=language,
    )
    own = {"iphone": _has_activesync, "mac": _has_ews}
    return (
        mail,
        *(
            replace(
                mail,
                name=in_language(f"mobileconfig-{device}", language),
                template=f"profile-{device}.mobileconfig",
                offered=own[device],
                asked_for=False,
            )
            for device in APPLE_DEVICES
        ),
    )


FORMATS: Mapping[str, Format] = {
    row.name: row
    for row in (
        Format("autoconfig", "autoconfig.xml", XML, fills=(DOMAIN,)),
        Format(
            "autodiscover",
            "autodiscover.xml",
            XML,
            fills=(ADDRESS, LOCAL_PART, DOMAIN),
            errors=XML,
            cache=NO_STORE,
            offered=_answers_outlook,
            for_domain="autodiscover-domain",
        ),
        Format(
            "autodiscover-domain",
            "autodiscover.xml",
            XML,
            fills=(DOMAIN,),
            errors=XML,
            cache=NO_STORE,
            offered=_answers_outlook,
            asked_for=False,
        ),
        Format(
            "mobilesync",
            "mobilesync.xml",
            XML,
            fills=(ADDRESS, LOCAL_PART, DOMAIN),
            errors=XML,
            cache=NO_STORE,
            offered=_has_activesync,
            needs="ActiveSync",
        ),
        Format(
            "thunderbird-code",
            "thunderbird-code.json",
            SCANNED,
            fills=(ADDRESS, LOCAL_PART, DOMAIN),
            errors=HTML,
            cache=NO_STORE,
            asked_for=False,
        ),
        *(page for language in LANGUAGES for page in _pages(language)),
        *(profile for language in LANGUAGES for profile in _profiles(language)),
    )
}
