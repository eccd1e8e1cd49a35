"""The words for steps, in English and French: what came of each question."""

from collections.abc import Mapping

STEPS: Mapping[str, Mapping[str, str]] = {
    "step-records": {"en": "{records}", "fr": "{records}"},
    "step-behind-alias": {
        "en": "an alias of {alias}: {records}",
        "fr": "alias de {alias} : {records}",
    },
    "step-no-records": {
        "en": "the name exists, and has no record of this type",
        "fr": "le nom existe, sans enregistrement de ce type",
    },
    "step-absent": {"en": "the name does not exist", "fr": "le nom n'existe pas"},
    "step-look-up-failed": {
        "en": "the look-up failed ({failure}), which says nothing of the name",
        "fr": "la recherche a échoué ({failure}), ce qui ne dit rien du nom",
    },
    "step-answer": {"en": "{type}, {octets} octets", "fr": "{type}, {octets} octets"},
    "step-redirect": {"en": "leads to {location}", "fr": "renvoie à {location}"},
    "step-no-name": {"en": "the host name does not exist", "fr": "le nom d'hôte n'existe pas"},
    "step-no-address": {
        "en": "the host name has no address",
        "fr": "le nom d'hôte n'a pas d'adresse",
    },
    "step-refused": {"en": "the connection was refused", "fr": "la connexion a été refusée"},
    "step-closed": {
        "en": "the server closed the connection without an answer",
        "fr": "le serveur a coupé la connexion sans répondre",
    },
    "step-tls-name": {
        "en": "the certificate is for another host name ({detail})",
        "fr": "le certificat est celui d'un autre nom d'hôte ({detail})",
    },
    "step-tls-expired": {
        "en": "the certificate is not valid today ({detail})",
        "fr": "le certificat n'est pas valable aujourd'hui ({detail})",
    },
    "step-tls-early": {
        "en": "the certificate is not valid yet, or this computer's clock is wrong",
        "fr": "le certificat n'est pas encore valable, ou l'horloge de cet ordinateur est fausse",
    },
    "step-tls-self-signed": {
        "en": "the certificate is signed by itself, so no program trusts it",
        "fr": "le certificat est auto-signé : aucun logiciel ne lui fait confiance",
    },
    "step-tls-issuer": {
        "en": (
            "the issuer of the certificate is not trusted, or its intermediate certificate is "
            "missing ({detail})"
        ),
        "fr": (
            "l'émetteur du certificat n'est pas reconnu, ou le certificat intermédiaire manque "
            "({detail})"
        ),
    },
    "step-tls-plain": {
        "en": "the server answers without TLS on a port for TLS",
        "fr": "le serveur répond sans TLS sur un port réservé à TLS",
    },
    "step-tls": {"en": "TLS failed ({detail})", "fr": "TLS a échoué ({detail})"},
    "step-not-http": {
        "en": "the answer is not HTTP ({detail})",
        "fr": "la réponse n'est pas du HTTP ({detail})",
    },
    "step-too-large": {
        "en": "the answer is larger than any document of settings",
        "fr": "la réponse est plus grande que tout document de réglages",
    },
    "step-circle": {
        "en": "the redirects go in a circle",
        "fr": "les redirections tournent en rond",
    },
    "step-too-many-redirects": {
        "en": "one redirect led to the next, more often than is followed here",
        "fr": "une redirection menait à l'autre, plus souvent qu'on ne suit ici",
    },
    "step-bad-redirect": {
        "en": "the redirect leads to no URL that can be asked ({detail})",
        "fr": "la redirection ne mène à aucune URL utilisable ({detail})",
    },
    "step-look-up": {
        "en": "the address of the host could not be looked up ({detail})",
        "fr": "l'adresse de l'hôte n'a pas pu être recherchée ({detail})",
    },
    "step-timeout": {
        "en": "no answer within the programs' patience",
        "fr": "pas de réponse dans le délai que les logiciels accordent",
    },
    "step-unreachable": {
        "en": "the network has no way to the host ({detail})",
        "fr": "le réseau n'a pas de chemin vers l'hôte ({detail})",
    },
}
