"""The words around verdicts and problems, in English and French."""

from collections.abc import Mapping
from typing import TypeAlias

from autoconfig.check.outcome import Outcome
from autoconfig.check.verdict import Result

Words: TypeAlias = Mapping[str, str]
"""The same in each of `documents.formats.LANGUAGES`."""


RESULTS: Mapping[Result, Words] = {
    Result.RIGHT: {"en": "set up right", "fr": "bien réglés"},
    Result.ASKS: {"en": "right, but asks", "fr": "réglés si accord"},
    Result.WRONG: {"en": "wrong servers", "fr": "mauvais serveurs"},
    Result.NOTHING: {"en": "nothing found", "fr": "rien trouvé"},
    Result.UNDECIDED: {"en": "not decided", "fr": "indécis"},
    Result.UNKNOWN: {"en": "by hand", "fr": "à la main"},
}
"""The words before the programs with this result."""

TOLD: Mapping[str, Words] = {
    "configuration": {
        "en": "{subject}: {service}, as the configuration says",
        "fr": "{subject} : {service}, d'après la configuration",
    },
    "option": {
        "en": "{subject}: {service}, as --offer says",
        "fr": "{subject} : {service}, d'après --offer",
    },
    "dns": {
        "en": "{subject}: {service}, as its DNS tells",
        "fr": "{subject} : {service}, d'après son DNS",
    },
}
"""The first line. `{service}`: by `Check.told_by`, the offer and its server."""
GUESSED: Words = {
    "en": "{subject}: {service}, a guess by its DNS; if it has another offer, give --offer",
    "fr": "{subject} : {service}, deviné d'après son DNS ; si son offre est autre, donnez --offer",
}
NO_OFFER: Words = {
    "en": "{subject}: its DNS does not tell the offer, so nothing can be called right",
    "fr": "{subject} : son DNS n'indique pas l'offre, donc rien ne peut être dit juste",
}
FAILED: Words = {
    "en": "{subject}: its offer is not known. {failure}; check again later, or give --offer",
    "fr": "{subject} : offre inconnue. {failure} ; revérifiez plus tard, ou donnez --offer",
}

BOTTOM_LINE: Mapping[Outcome, Words] = {
    Outcome.RIGHT: {
        "en": "All is well: every program that asks this domain gets the right servers.",
        "fr": "Tout va bien : chaque logiciel qui interroge ce domaine a les bons serveurs.",
    },
    Outcome.WRONG: {
        "en": "Without the right servers: {bad} of the {all} programs that ask this domain.",
        "fr": "Sans les bons serveurs : {bad} des {all} logiciels qui interrogent ce domaine.",
    },
    Outcome.UNDECIDED: {
        "en": "Not decided: {bad} of the {all} programs that ask this domain; check again later.",
        "fr": "Indécis : {bad} des {all} logiciels qui interrogent ce domaine ; à revérifier.",
    },
}

RIGHT_AND_YET: Words = {
    "en": "Every program that asks this domain gets the right servers, but see what is to mend.",
    "fr": "Chaque logiciel qui interroge ce domaine a les bons serveurs, mais il reste à corriger.",
}
"""The same as for `Outcome.RIGHT`, where there is a problem that harms."""

BETWEEN: Words = {"en": "; ", "fr": "\N{NO-BREAK SPACE}; "}
"""What stands between the names of programs, which may have commas."""
ABOUT: Words = {"en": "{what}: {told}", "fr": "{what} : {told}"}

SOURCE: Words = {"en": "{what}, from {source}", "fr": "{what}, d'après {source}"}
"""Where servers come from. `{source}`: a URL or a record."""

TO_MEND: Mapping[bool, Words] = {
    True: {"en": "To mend:", "fr": "À corriger :"},
    False: {"en": "Not urgent:", "fr": "Sans urgence :"},
}
"""The line above problems, by whether they harm."""
CONCERNS: Words = {"en": "Concerns {programs}.", "fr": "Concerne {programs}."}
SHARED_PROBLEM: Words = {"en": "{number} domains: {domains}", "fr": "{number} domaines : {domains}"}
ANY_DOMAIN: Words = {"en": "DOMAIN", "fr": "DOMAINE"}
"""What stands for each domain of a problem that several have."""
AND_MORE: Words = {"en": "{few} and {more} more", "fr": "{few} et {more} autres"}

MAIL_SERVERS: Words = {"en": "Mail servers:", "fr": "Serveurs de messagerie :"}

TO_TYPE: Words = {
    "en": "What to type where a program does not find it:",
    "fr": "À recopier dans un logiciel qui ne trouve rien :",
}
PROTOCOLS: Mapping[str, Words] = {
    "imap": {"en": "receiving (IMAP)", "fr": "réception (IMAP)"},
    "pop3": {"en": "receiving (POP3)", "fr": "réception (POP3)"},
    "smtp": {"en": "sending (SMTP)", "fr": "envoi (SMTP)"},
}
SERVER: Words = {
    "en": "{host}, port {port}, {security}",
    "fr": "{host}, port {port}, {security}",
}
LOGIN: Words = {"en": "user name", "fr": "utilisateur"}
WHOLE_ADDRESS: Words = {
    "en": "the whole address, with the mailbox's password, for sending too",
    "fr": "l'adresse complète, avec le mot de passe de la boîte, aussi pour l'envoi",
}
THE_ADDRESS: Words = {
    "en": "{address}, with the mailbox's password, for sending too",
    "fr": "{address}, avec le mot de passe de la boîte, aussi pour l'envoi",
}
PAGE: Words = {
    "en": "{url} shows the same to your users, with a profile for iPhone and Mac and a code for"
    " Thunderbird on Android, if `autoconfig serve` answers there.",
    "fr": "{url} montre la même chose à vos utilisateurs, avec un profil pour iPhone et Mac et un"
    " code pour Thunderbird sur Android, si `autoconfig serve` y répond.",
}

STEPS_HEADING: Words = {"en": "Steps:", "fr": "Étapes :"}
SEEN_BY: Words = {"en": "As seen through {asked}", "fr": "Vu à travers {asked}"}
"""The last line. `{asked}`: the name servers that were asked, and when."""

COUNTS: Mapping[Outcome, Words] = {
    Outcome.RIGHT: {"en": "{number} right", "fr": "{number} en ordre"},
    Outcome.WRONG: {"en": "{number} to mend", "fr": "{number} à corriger"},
    Outcome.UNDECIDED: {"en": "{number} not decided", "fr": "{number} indécis"},
    Outcome.NO_OFFER: {"en": "{number} without a known offer", "fr": "{number} sans offre connue"},
    Outcome.FAILED: {"en": "{number} not looked up", "fr": "{number} sans réponse du DNS"},
}
SUMMARY: Words = {"en": "{number} domains: {counts}", "fr": "{number} domaines : {counts}"}
"""The last line about several. `{counts}`: those of `COUNTS`."""
