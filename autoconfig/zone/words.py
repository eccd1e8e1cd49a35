"""The words for a plan, in English and French.

`{host}` and `{offer}` are those of an `Entry`; in remarks, each name in braces is one of `values`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from autoconfig.zone.plan import Act, Entry, Remark, What, Why

Words: TypeAlias = Mapping[str, str]
"""The same in each of `documents.formats.LANGUAGES`."""

ACTS: Mapping[Act, Words] = {
    Act.CREATE: {"en": "create", "fr": "créer"},
    Act.REPLACE: {"en": "replace", "fr": "remplacer"},
    Act.DELETE: {"en": "delete", "fr": "supprimer"},
    Act.KEEP: {"en": "keep", "fr": "garder"},
}

NEEDED: Mapping[bool, Words] = {
    True: {"en": "needed", "fr": "nécessaire"},
    False: {"en": "helps", "fr": "utile"},
}

WHY: Mapping[Why, Words] = {
    Why.ASKED_FIRST: {
        "en": "Thunderbird and most programs ask for the settings here",
        "fr": "Thunderbird et la plupart des logiciels demandent les réglages ici",
    },
    Why.ASKED_BY_OUTLOOK: {
        "en": "Outlook and some phones ask for the settings here",
        "fr": "Outlook et certains téléphones demandent les réglages ici",
    },
    Why.LEADS_TO_OUTLOOK: {
        "en": "Outlook and other programs find the service by it",
        "fr": "Outlook et d'autres logiciels trouvent le service ainsi",
    },
    Why.LEADS_TO_SERVER: {
        "en": "FairEmail, Evolution and some others find the server by it",
        "fr": "FairEmail, Evolution et quelques autres trouvent le serveur ainsi",
    },
    Why.LEADS_TO_CALENDAR: {
        "en": "Thunderbird and Evolution find the calendars by it",
        "fr": "Thunderbird et Evolution trouvent les agendas ainsi",
    },
    Why.NOT_WITHOUT_TLS: {
        "en": "tells programs that there is no server that begins without TLS",
        "fr": "dit aux logiciels qu'aucun serveur ne commence sans TLS",
    },
    Why.YOURS: {"en": "leads to your server", "fr": "mène à votre serveur"},
    Why.ITSELF: {"en": "is your server's own name", "fr": "est le nom même de votre serveur"},
    Why.OF_SERVICE: {"en": "leads to the service", "fr": "mène au service"},
    Why.NONE_SAID: {
        "en": "says that there is none, which is right",
        "fr": "dit qu'il n'y en a pas, ce qui est juste",
    },
    Why.LEFT_OVER: {
        "en": (
            "{host} is left over from the day the zone was created, and keeps programs away from "
            "your server: it knows no offer of today but MX Plan, if it still answers"
        ),
        "fr": (
            "{host}, qui reste de la création de la zone, détourne les logiciels de votre serveur "
            "et ne connaît que MX Plan parmi les offres d'aujourd'hui, s'il répond encore"
        ),
    },
    Why.SERVER_UNKNOWN: {
        "en": (
            "{host} is left over from a set-up of some years ago ({offer}): it stands for all "
            "servers, and leads to none"
        ),
        "fr": (
            "{host} reste d'une configuration d'il y a quelques années ({offer}) : il vaut pour "
            "tous les serveurs, et ne mène à aucun"
        ),
    },
    Why.OTHER_SERVER: {
        "en": "{host} is another server of {offer}, where this service has no mailboxes",
        "fr": "{host} est un autre serveur de {offer}, où ce service n'a pas de boîtes",
    },
    Why.OTHER_OFFER: {
        "en": "{host} is a server of {offer}, where this service has no mailboxes",
        "fr": "{host} est un serveur de {offer}, où ce service n'a pas de boîtes",
    },
    Why.NOT_FOR_MAIL: {
        "en": "{host} takes no IMAP, POP or SMTP",
        "fr": "{host} n'accepte ni IMAP, ni POP, ni SMTP",
    },
    Why.NOT_YOURS: {
        "en": "{host} is not your server",
        "fr": "{host} n'est pas votre serveur",
    },
    Why.NOT_OF_SERVICE: {
        "en": "{host} is no server of the service",
        "fr": "{host} n'est pas un serveur du service",
    },
    Why.OTHER_PORT: {
        "en": "{host} does not offer this at this port",
        "fr": "{host} ne propose pas cela sur ce port",
    },
    Why.TLS_AT_ONCE: {
        "en": "{host} speaks TLS at once at this port, where programs begin by STARTTLS, and fail",
        "fr": (
            "{host} parle TLS d'emblée sur ce port, où les logiciels commencent par STARTTLS, et "
            "échouent"
        ),
    },
    Why.STARTTLS_ONLY: {
        "en": "{host} begins by STARTTLS at this port, where programs speak TLS at once, and fail",
        "fr": (
            "{host} commence par STARTTLS sur ce port, où les logiciels parlent TLS d'emblée, et "
            "échouent"
        ),
    },
    Why.WITHOUT_TLS: {
        "en": "lets programs begin without TLS, so that a password may be read on the way",
        "fr": "laisse les logiciels commencer sans TLS : un mot de passe peut être lu en chemin",
    },
    Why.DENIED: {
        "en": "says that there is no such server, and the service has one",
        "fr": "dit qu'il n'y a pas de tel serveur, alors que le service en a un",
    },
    Why.SERVICE_EXPECTED: {
        "en": "OVHcloud's own record leads Outlook straight to the service, and {host} does not",
        "fr": "l'enregistrement d'OVHcloud mène Outlook droit au service, {host} non",
    },
    Why.BESIDE_ALIAS: {
        "en": "nothing can stand beside a CNAME",
        "fr": "rien ne peut exister à côté d'un CNAME",
    },
    Why.UNREADABLE: {"en": "is no SRV record", "fr": "n'est pas un enregistrement SRV"},
    Why.AS_BEFORE: {"en": "as it was before", "fr": "comme c'était avant"},
}

REMARKS: Mapping[What, Words] = {
    What.NO_ROOM: {
        "en": (
            "{name} has records of type {types}, and no CNAME can stand beside them. Give your "
            "server's addresses in place of its name: --to ADDRESS."
        ),
        "fr": (
            "{name} a des enregistrements de type {types}, et aucun CNAME ne peut exister à côté. "
            "Donnez les adresses de votre serveur à la place de son nom : --to ADRESSE."
        ),
    },
    What.ALIAS: {
        "en": "{name} is a CNAME: make sure yourself that what it leads to is right.",
        "fr": "{name} est un CNAME : vérifiez vous-même que ce à quoi il mène est juste.",
    },
    What.NEEDS_ADDRESS: {
        "en": (
            "{name} is your server's own name, and does not lead to it: give it an A or AAAA "
            "record with the server's address."
        ),
        "fr": (
            "{name} est le nom même de votre serveur, et n'y mène pas : donnez-lui un "
            "enregistrement A ou AAAA avec l'adresse du serveur."
        ),
    },
    What.OTHER_SERVICE: {
        "en": (
            "DNS tells {told}, the configuration has {has}. Look in the control panel which page "
            "under Web Cloud lists the domain, and mend the one that is wrong, before anything "
            "else."
        ),
        "fr": (
            "Le DNS dit {told}, la configuration {has}. Regardez dans l'espace client quelle page "
            "de Web Cloud contient le domaine, et corrigez ce qui est faux, avant tout le reste."
        ),
    },
    What.SEVERAL_SERVICES: {
        "en": (
            "DNS names several services, the configuration has {has}. Look in the control panel "
            "which page under Web Cloud lists the domain."
        ),
        "fr": (
            "Le DNS désigne plusieurs services, la configuration {has}. Regardez dans l'espace "
            "client quelle page de Web Cloud contient le domaine."
        ),
    },
    What.MAIL_ELSEWHERE: {
        "en": (
            "Mail goes to {hosts}, and none for {has} comes that way. Look whether the domain's "
            "mail has moved, or its MX records are wrong; no command of ours changes those."
        ),
        "fr": (
            "L'e-mail arrive à {hosts}, ce qui n'est pas le chemin de {has}. Regardez si l'e-mail "
            "du domaine a déménagé, ou si ses enregistrements MX sont faux ; aucune commande "
            "d'ici ne les change."
        ),
    },
    What.NO_MAIL: {
        "en": (
            "The domain takes no mail, as its MX record says, and the configuration has {has}. "
            "Look which of them is wrong; no command of ours changes MX records."
        ),
        "fr": (
            "Le domaine ne reçoit pas d'e-mail, dit son enregistrement MX, et la configuration a "
            "{has}. Regardez lequel des deux est faux ; aucune commande d'ici ne change les "
            "enregistrements MX."
        ),
    },
    What.FILTER: {
        "en": "Mail goes to {hosts} first, as it does with a filter in front of {has}.",
        "fr": "L'e-mail arrive d'abord à {hosts}, comme avec un filtre devant {has}.",
    },
    What.NO_ZONE: {
        "en": (
            "No zone of this account has the domain. Change its records where its zone is, or use "
            "a key of the account that has it."
        ),
        "fr": (
            "Aucune zone de ce compte ne contient le domaine. Modifiez ses enregistrements là où "
            "est sa zone, ou utilisez une clé du compte qui la contient."
        ),
    },
    What.NOT_LOOKED_UP: {
        "en": "Nobody knows what name servers serve now, as the look-up failed ({failure}).",
        "fr": "Ce que les serveurs de noms servent est inconnu : recherche échouée ({failure}).",
    },
    What.OTHER_SERVERS: {
        "en": (
            "The domain's name servers are {servers}, which this zone does not name: what is "
            "written into it is served by nobody. Change the records there."
        ),
        "fr": (
            "Les serveurs de noms du domaine sont {servers}, que cette zone ne nomme pas : ce qui "
            "y est écrit n'est servi par personne. Modifiez les enregistrements là-bas."
        ),
    },
    What.NOT_SERVED: {
        "en": "The zone holds what name servers do not serve yet: it will be refreshed.",
        "fr": (
            "La zone contient ce que les serveurs de noms ne servent pas encore : elle sera "
            "rafraîchie."
        ),
    },
    What.LEFT_ALONE: {
        "en": "{name} has been changed since by somebody else, and is left alone.",
        "fr": "{name} a été modifié depuis par quelqu'un d'autre, et reste tel quel.",
    },
}

OLD: Words = {"en": "in place of", "fr": "à la place de"}

PENDING: Words = {
    "en": "not everywhere yet, as other answers still come from {behind}:",
    "fr": "pas encore partout, car d'autres réponses viennent encore de {behind} :",
}
"""Above records. `{behind}`: the name servers."""


class State(StrEnum):
    """What a plan comes to."""

    FAILED = "failed"
    NEEDED = "needed"
    HELPS = "helps"
    NOTHING = "nothing"


STATES: Mapping[State, Words] = {
    State.FAILED: {
        "en": "no plan. {failure}",
        "fr": "pas de plan. {failure}",
    },
    State.NEEDED: {"en": "something is to be done", "fr": "il y a quelque chose à faire"},
    State.HELPS: {"en": "nothing needed is to be done", "fr": "rien de nécessaire à faire"},
    State.NOTHING: {"en": "nothing to do", "fr": "rien à faire"},
}
"""`{state}` of `HEADING`."""

COUNTS: Mapping[State, Words] = {
    State.FAILED: {"en": "{number} that could not be looked up", "fr": "{number} sans réponse"},
    State.NEEDED: {"en": "{number} to be changed", "fr": "{number} à changer"},
    State.HELPS: {"en": "{number} that could be better", "fr": "{number} à améliorer"},
    State.NOTHING: {"en": "{number} with nothing to do", "fr": "{number} sans rien à faire"},
}
"""`{counts}` of `SUMMARY`, which is the last line about several domains."""

HEADING: Words = {"en": "{about}: {state}", "fr": "{about} : {state}"}
"""The line of a domain. `{about}`: the domain and its service."""

SUMMARY: Words = {"en": "{number} domains: {counts}", "fr": "{number} domaines : {counts}"}


def sentence(entry: Entry, lang: str) -> str:
    """The reason for an entry, without final point."""
    return WHY[entry.why][lang].format(host=entry.host, offer=entry.offer)


def remark(made: Remark, lang: str) -> str:
    """The sentences of a remark."""
    return REMARKS[made.what][lang].format(**made.values)
