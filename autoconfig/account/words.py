"""The words for what an import cannot decide, in English and French.

The pages of the control panel are called as in OVHcloud's guides: see `detect.words`.
"""

from collections.abc import Mapping
from typing import TypeAlias

from autoconfig.account.choice import Reason

Words: TypeAlias = Mapping[str, str]
"""The same in each of `documents.formats.LANGUAGES`."""

REASONS: Mapping[Reason, Words] = {
    Reason.NO_SERVER: {
        "en": (
            "The account does not say on which server {service} is. The control panel shows it "
            "under Web Cloud, in the service's tab General information, frame Connection."
        ),
        "fr": (
            "Le compte ne dit pas sur quel serveur est {service}. L'espace client l'affiche sous "
            "Web Cloud, dans l'onglet Informations générales du service, cadre Connexion."
        ),
    },
    Reason.OTHER_SERVER: {
        "en": (
            "The account names {server} for {service}, which is no server of this offer. Compare "
            "with the control panel, under Web Cloud, in the service's tab General information, "
            "frame Connection."
        ),
        "fr": (
            "Le compte nomme {server} pour {service}, qui n'est pas un serveur de cette offre. "
            "Comparez avec l'espace client, sous Web Cloud, dans l'onglet Informations générales "
            "du service, cadre Connexion."
        ),
    },
    Reason.BOTH: {
        "en": (
            "Several services may have the mail of the whole domain: {services}. Keep the table of "
            "the one that has it; the mailboxes of the others go into their `addresses`."
        ),
        "fr": (
            "Plusieurs services peuvent avoir l'e-mail de tout le domaine : {services}. Gardez la "
            "table de celui qui l'a ; les boîtes des autres vont dans leurs `addresses`."
        ),
    },
    Reason.NEITHER: {
        "en": (
            "Several services hold the domain: {services}. The account does not say which of them "
            "receives its mail. Keep the table of that one; the mailboxes of the others go into "
            "their `addresses`."
        ),
        "fr": (
            "Plusieurs services contiennent le domaine : {services}. Le compte ne dit pas lequel "
            "reçoit son e-mail. Gardez la table de celui-là ; les boîtes des autres vont dans "
            "leurs `addresses`."
        ),
    },
    Reason.SAME_NUMBER: {
        "en": (
            "{service} has as many mailboxes of one level as of another: {offers}. Keep the table "
            "of one; the mailboxes of the others go into their `addresses`."
        ),
        "fr": (
            "{service} a autant de boîtes d'un niveau que d'un autre : {offers}. Gardez la table "
            "de l'un ; les boîtes des autres vont dans leurs `addresses`."
        ),
    },
    Reason.NO_MAILBOX: {
        "en": (
            "{service} has no mailbox at the domain yet, which would tell its level. Keep the "
            "table of the level that is meant."
        ),
        "fr": (
            "{service} n'a pas encore de boîte dans le domaine, qui dirait son niveau. Gardez la "
            "table du niveau voulu."
        ),
    },
    Reason.UNREAD: {
        "en": "{service} could not be read, so it may have the domain, too. Import again.",
        "fr": "{service} n'a pas pu être lu et peut donc aussi avoir le domaine. Réimportez.",
    },
    Reason.INCOMPLETE: {
        "en": (
            "{service} could not be read in full, so it may have the domain, too. Import again, "
            "or keep the table if you know better."
        ),
        "fr": (
            "{service} n'a pas pu être lu en entier et peut donc aussi avoir le domaine. "
            "Réimportez, ou gardez la table si vous en savez plus."
        ),
    },
    Reason.MAILBOXES: {
        "en": (
            "Several offers have mailboxes at the domain, and those of {service} could not be "
            "read ({failure})."
        ),
        "fr": (
            "Plusieurs offres ont des boîtes dans le domaine, et celles de {service} n'ont pas pu "
            "être lues ({failure})."
        ),
    },
    Reason.TWICE: {
        "en": "Two services beside the one of the domain have the mailbox {address}.",
        "fr": "Deux services à côté de celui du domaine ont la boîte {address}.",
    },
}
"""The sentences of each reason. `{service}` and `{services}`: as the account calls them."""

REFUSED: Words = {
    "en": (
        "The keys may not read {families}. A domain below that has a service there, too, may have "
        "the wrong offer here."
    ),
    "fr": (
        "Les clés ne permettent pas de lire {families}. Un domaine ci-dessous qui y a aussi un "
        "service peut avoir ici la mauvaise offre."
    ),
}
"""What a configuration leaves open."""
