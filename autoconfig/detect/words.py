"""The words for what was found, in English and French.

`{offer}` and `{region}` are those that a record tells, in advice `{offer}` and `{server}` are those
that were found. The pages and fields of the control panel are called as in OVHcloud's guides for
Email Pro (2025-09-19), Zimbra (2025-11-04), Exchange (2026-03-24) and MX Plan (2026-06-08).
"""

from collections.abc import Mapping
from typing import TypeAlias

from autoconfig.detect.rule import Advice, Confidence, Reading

Words: TypeAlias = Mapping[str, str]
"""The same in each of `documents.formats.LANGUAGES`."""

HEADS: Mapping[str, tuple[str, ...]] = {
    "en": ("DOMAIN", "OFFER", "SERVER", "HOW SURE", "SIGNS"),
    "fr": ("DOMAINE", "OFFRE", "SERVEUR", "CERTITUDE", "INDICES"),
}

CONFIDENCE: Mapping[Confidence, Words] = {
    Confidence.KNOWN: {"en": "Known", "fr": "Certain"},
    Confidence.GUESS: {"en": "Guess", "fr": "Supposition"},
    Confidence.NONE: {"en": "No OVHcloud mail", "fr": "Pas d'e-mail OVHcloud"},
    Confidence.UNDECIDED: {"en": "Undecided", "fr": "Indécis"},
    Confidence.FAILED: {"en": "No answer", "fr": "Sans réponse"},
}

REGIONS: Mapping[str, Words] = {
    "eu": {"en": "Europe", "fr": "Europe"},
    "ca": {"en": "Canada", "fr": "Canada"},
}

READINGS: Mapping[Reading, Words] = {
    Reading.FAMILY: {"en": "OVHcloud {region}", "fr": "OVHcloud {region}"},
    Reading.OWN_HOST: {
        "en": "straight to the server: {offer}",
        "fr": "directement vers le serveur : {offer}",
    },
    Reading.FOREIGN: {"en": "not OVHcloud", "fr": "pas chez OVHcloud"},
    Reading.NO_MAILBOX: {
        "en": "OVHcloud, forwarding without mailboxes",
        "fr": "OVHcloud, redirections sans boîte",
    },
    Reading.PERHAPS_NO_MAILBOX: {
        "en": "OVHcloud {region}, as domains without mailboxes have it",
        "fr": "OVHcloud {region}, comme les domaines sans boîte",
    },
    Reading.NULL_MX: {"en": "takes no mail", "fr": "ne reçoit pas d'e-mail"},
    Reading.NO_MX: {"en": "none, so no mail", "fr": "aucun, donc pas d'e-mail"},
    Reading.SERVICE: {"en": "{offer}", "fr": "{offer}"},
    Reading.DEFAULT_RECORD: {
        "en": "a default record, which tells nothing",
        "fr": "enregistrement par défaut, qui ne dit rien",
    },
    Reading.SERVER_UNKNOWN: {
        "en": "{offer} of earlier years, without its server",
        "fr": "{offer} d'il y a quelques années, sans son serveur",
    },
    Reading.NOT_AVAILABLE: {"en": "says that there is none", "fr": "dit qu'il n'y en a pas"},
    Reading.IGNORED_PORT: {
        "en": "ignored, as OVHcloud has another port",
        "fr": "ignoré, car OVHcloud a un autre port",
    },
    Reading.IGNORED_REGION: {
        "en": "ignored, as MX says another region",
        "fr": "ignoré, car le MX dit une autre région",
    },
    Reading.IGNORED_HOST: {
        "en": "ignored, as no offer has this server",
        "fr": "ignoré, car aucune offre n'a ce serveur",
    },
    Reading.DKIM: {"en": "as {offer} has it", "fr": "comme pour {offer}"},
}

ADVICE: Mapping[Advice, Words] = {
    Advice.CONFIGURE: {
        "en": "Write it into your configuration.",
        "fr": "Écrivez-le dans votre configuration.",
    },
    Advice.CHECK_NUMBER: {
        "en": (
            "Check the number in {server}, which has not been seen elsewhere: the control panel "
            "shows the server under Web Cloud, in the service's tab General information, frame "
            "Connection."
        ),
        "fr": (
            "Vérifiez le numéro de {server}, qui n'a pas été vu ailleurs : l'espace client affiche "
            "le serveur sous Web Cloud, dans l'onglet Informations générales du service, cadre "
            "Connexion."
        ),
    },
    Advice.CHECK_LEVEL: {
        "en": (
            "DNS does not tell Zimbra Starter, Pro and Business apart. The control panel does, "
            "under Web Cloud > Zimbra Mail, tab Email accounts, column Offer: for Pro write "
            "zimbra-pro, for Business zimbra-business; accounts that differ from the others go "
            "into `addresses`."
        ),
        "fr": (
            "Le DNS ne distingue pas Zimbra Starter, Pro et Business. L'espace client le fait, "
            "sous Web Cloud > Zimbra Mail, onglet Comptes e-mail, colonne Offre : pour Pro écrivez "
            "zimbra-pro, pour Business zimbra-business ; les comptes qui diffèrent des autres vont "
            "dans `addresses`."
        ),
    },
    Advice.CHECK_OFFER: {
        "en": (
            "The mail is at OVHcloud, but no record says for sure which offer it is. Make sure in "
            "the control panel which page under Web Cloud lists the domain: MX Plan, Zimbra Mail, "
            "Email Pro or Exchange. Email Pro, and Exchange in Europe, need the server too, which "
            "stands in the tab General information, frame Connection."
        ),
        "fr": (
            "L'e-mail est chez OVHcloud, mais aucun enregistrement ne dit avec certitude quelle "
            "est l'offre. Vérifiez dans l'espace client quelle page de Web Cloud contient le "
            "domaine : MX Plan, Zimbra Mail, Email Pro ou Exchange. Pour Email Pro, et pour "
            "Exchange en Europe, il faut aussi le serveur, affiché dans l'onglet Informations "
            "générales, cadre Connexion."
        ),
    },
    Advice.PERHAPS_NO_MAILBOX: {
        "en": (
            "Domains without any mailbox often have these MX records. Make sure in the control "
            "panel that MX Plan, Zimbra Mail, Email Pro or Exchange, under Web Cloud, lists the "
            "domain; if none does, leave it out."
        ),
        "fr": (
            "Des domaines sans aucune boîte ont souvent ces enregistrements MX. Vérifiez dans "
            "l'espace client que MX Plan, Zimbra Mail, Email Pro ou Exchange, sous Web Cloud, "
            "contient le domaine ; sinon, retirez-le."
        ),
    },
    Advice.FIND_SERVER: {
        "en": (
            "The offer is {offer}, but no record says which server. The control panel shows it "
            "under Web Cloud, in the service's tab General information, frame Connection."
        ),
        "fr": (
            "L'offre est {offer}, mais aucun enregistrement ne dit sur quel serveur. L'espace "
            "client l'affiche sous Web Cloud, dans l'onglet Informations générales du service, "
            "cadre Connexion."
        ),
    },
    Advice.SEVERAL_SERVICES: {
        "en": (
            "The records name several services. Look in the control panel which page under Web "
            "Cloud lists the domain, and remove the record of the other from the zone. If several "
            "do, one gets the domain, and the mailboxes of the others go into `addresses`."
        ),
        "fr": (
            "Les enregistrements désignent plusieurs services. Regardez dans l'espace client "
            "quelle page de Web Cloud contient le domaine, et supprimez de la zone "
            "l'enregistrement de l'autre. S'il y en a plusieurs, l'un reçoit le domaine, et les "
            "boîtes des autres vont dans `addresses`."
        ),
    },
    Advice.SEVERAL_REGIONS: {
        "en": (
            "The MX records are of several regions of OVHcloud. Look in the control panel which "
            "page under Web Cloud lists the domain, and remove the MX records of the other region "
            "from the zone."
        ),
        "fr": (
            "Les enregistrements MX sont de plusieurs régions d'OVHcloud. Regardez dans l'espace "
            "client quelle page de Web Cloud contient le domaine, et supprimez de la zone les "
            "enregistrements MX de l'autre région."
        ),
    },
    Advice.ELSEWHERE: {
        "en": (
            "The mail goes to another provider, whose settings are not known here. If the "
            "mailboxes are at OVHcloud all the same, behind a mail filter or on a Private "
            "Exchange, write the service as the control panel shows it."
        ),
        "fr": (
            "L'e-mail arrive chez un autre fournisseur, dont les réglages ne sont pas connus ici. "
            "Si les boîtes sont pourtant chez OVHcloud, derrière un filtre ou sur un Private "
            "Exchange, écrivez le service tel que l'espace client l'affiche."
        ),
    },
    Advice.NO_MAIL: {
        "en": (
            "The domain takes no mail. Check its spelling; if it is right, its zone lacks the MX "
            "records that the control panel shows for the service."
        ),
        "fr": (
            "Le domaine ne reçoit pas d'e-mail. Vérifiez son orthographe ; si elle est juste, il "
            "manque à sa zone les enregistrements MX que l'espace client affiche pour le service."
        ),
    },
    Advice.NO_MAILBOX: {
        "en": (
            "OVHcloud only forwards the mail of this domain. If it has mailboxes, nothing reaches "
            "them: its zone lacks the MX records that the control panel shows for the service."
        ),
        "fr": (
            "OVHcloud ne fait que rediriger les e-mails de ce domaine. S'il a des boîtes, rien ne "
            "leur parvient : il manque à sa zone les enregistrements MX que l'espace client "
            "affiche pour le service."
        ),
    },
}

NO_ANSWER: Words = {
    "en": (
        "Nothing is known, as the look-up failed ({failure}). Ask again later, or other name "
        "servers with --resolver."
    ),
    "fr": (
        "On ne sait rien, car la recherche a échoué ({failure}). Redemandez plus tard, ou à "
        "d'autres serveurs de noms avec --resolver."
    ),
}
"""The advice if a look-up has failed. `{failure}`: how."""

NOTE: Words = {"en": "{sure}: {domains}", "fr": "{sure} : {domains}"}
"""The line above an advice. `{sure}`: the word of `CONFIDENCE`."""

FOR_CONFIGURATION: Words = {"en": "For autoconfig.toml:", "fr": "Pour autoconfig.toml :"}
"""The line above tables to be pasted."""

ORIGIN: Words = {
    "en": "Written by `autoconfig detect`, from the DNS as seen through {origin}.",
    "fr": "Écrit par `autoconfig detect`, d'après le DNS vu à travers {origin}.",
}
"""The first line of a configuration. `{origin}`: the name servers that were asked, and the day."""
