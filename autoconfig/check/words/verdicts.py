"""The words of verdicts, in English and French: why a program comes to what it comes to.

`{url}`: where the answer was; `{server}`: host, port and encryption, of one server or several;
`{source}`: the answer or the record that names it.
"""

from collections.abc import Mapping

VERDICTS: Mapping[str, Mapping[str, str]] = {
    # What is wrong.
    "wrong-server": {
        "en": "{server}: not of this service; from {source}",
        "fr": "{server} : pas de ce service ; d'après {source}",
    },
    "wrong-by-table": {
        "en": "{server}: not of this service; from the program's own table",
        "fr": "{server} : pas de ce service ; d'après la table interne du logiciel",
    },
    "wrong-port": {
        "en": "{server}: the service has another port or encryption there; from {source}",
        "fr": "{server} : le service y a un autre port ou chiffrement ; d'après {source}",
    },
    "wrong-user": {
        "en": "{server}: the user name {username} is not the full address; from {source}",
        "fr": "{server} : l'identifiant {username} n'est pas l'adresse entière ; d'après {source}",
    },
    "after-refusal": {
        "en": "only after {server}, which it tries first, has refused the password",
        "fr": "seulement après le refus du mot de passe par {server}, essayé d'abord",
    },
    "pop3-alone": {
        "en": "by POP3 alone, so that mail stays on one computer",
        "fr": "par POP3 seulement : le courrier reste sur un seul ordinateur",
    },
    # Nothing is found.
    "nothing-found": {"en": "it finds no servers", "fr": "il ne trouve aucun serveur"},
    "finds-no-smtp": {
        "en": "it finds no server for sending",
        "fr": "il ne trouve aucun serveur d'envoi",
    },
    "finds-no-incoming": {
        "en": "it finds no server for reading mail",
        "fr": "il ne trouve aucun serveur de réception",
    },
    # What it asks its user.
    "asks-http": {
        "en": "it asks first, as a part of the way is not encrypted",
        "fr": "il demande d'abord, car une partie du chemin n'est pas chiffrée",
    },
    "asks-mx": {
        "en": "it asks first, as it has the servers from the mail's provider, not from the domain",
        "fr": "il demande d'abord, car les serveurs viennent du fournisseur, pas du domaine",
    },
    "asks-redirect": {
        "en": "it asks first whether {host} may have the password",
        "fr": "il demande d'abord si {host} peut recevoir le mot de passe",
    },
    "asks-srv": {
        "en": "it asks first whether {host}, to which an SRV record leads, may have the password",
        "fr": "il demande d'abord si {host}, désigné par un SRV, peut recevoir le mot de passe",
    },
    # What nobody can say now.
    "not-looked-up": {
        "en": "{type} of {name} could not be looked up",
        "fr": "{type} de {name} n'a pas pu être recherché",
    },
    "met-look-up": {
        "en": "{url}: the host could not be looked up",
        "fr": "{url} : l'hôte n'a pas pu être recherché",
    },
    "met-timeout": {"en": "{url}: no answer in time", "fr": "{url} : pas de réponse à temps"},
    "met-unreachable": {
        "en": "{url}: cannot be reached from this network",
        "fr": "{url} : inaccessible depuis ce réseau",
    },
    "else-right": {
        "en": "if nothing is there, it finds the right servers",
        "fr": "s'il n'y a rien là, il trouve les bons serveurs",
    },
    "else-wrong": {
        "en": "if nothing is there, it finds wrong servers",
        "fr": "s'il n'y a rien là, il trouve de mauvais serveurs",
    },
    "else-nothing": {
        "en": "if nothing is there, it finds no servers",
        "fr": "s'il n'y a rien là, il ne trouve aucun serveur",
    },
    "service-unknown": {
        "en": "nobody knows which servers are right for this domain",
        "fr": "personne ne sait quels serveurs sont les bons pour ce domaine",
    },
    # Programs of which the domain is no matter.
    "own-cloud": {
        "en": "asks its maker's own cloud, not the domain",
        "fr": "demande au cloud de son éditeur, pas au domaine",
    },
    "not-public": {
        "en": "its maker does not say what it asks",
        "fr": "son éditeur ne dit pas ce qu'il demande",
    },
    "cannot-use": {
        "en": "by itself, it sets up only a kind of account that this service does not have",
        "fr": "ne règle seul qu'un type de compte que ce service n'a pas",
    },
    # Why an answer is of no use.
    "met-no-name": {"en": "{url}: no such host name", "fr": "{url} : ce nom d'hôte n'existe pas"},
    "met-no-address": {
        "en": "{url}: the host name has no address",
        "fr": "{url} : le nom d'hôte n'a pas d'adresse",
    },
    "met-refused": {"en": "{url}: connection refused", "fr": "{url} : connexion refusée"},
    "met-closed": {"en": "{url}: connection closed", "fr": "{url} : connexion fermée"},
    "met-tls-name": {
        "en": "{url}: the certificate is for other names",
        "fr": "{url} : le certificat est pour d'autres noms",
    },
    "met-tls-expired": {
        "en": "{url}: the certificate has expired",
        "fr": "{url} : le certificat a expiré",
    },
    "met-tls-early": {
        "en": "{url}: the certificate is not valid yet",
        "fr": "{url} : le certificat n'est pas encore valable",
    },
    "met-tls-self-signed": {
        "en": "{url}: the certificate is self-signed",
        "fr": "{url} : le certificat est auto-signé",
    },
    "met-tls-issuer": {
        "en": "{url}: the certificate's issuer is not trusted",
        "fr": "{url} : l'émetteur du certificat n'est pas reconnu",
    },
    "met-tls-plain": {
        "en": "{url}: no TLS at the port for TLS",
        "fr": "{url} : pas de TLS sur le port de TLS",
    },
    "met-tls": {"en": "{url}: TLS fails", "fr": "{url} : échec de TLS"},
    "met-not-http": {
        "en": "{url}: the answer is not HTTP",
        "fr": "{url} : la réponse n'est pas du HTTP",
    },
    "met-too-large": {
        "en": "{url}: the answer is too large",
        "fr": "{url} : la réponse est trop grande",
    },
    "met-circle": {
        "en": "{url}: redirects in a circle",
        "fr": "{url} : des redirections qui tournent en rond",
    },
    "met-too-many-redirects": {
        "en": "{url}: too many redirects",
        "fr": "{url} : trop de redirections",
    },
    "met-bad-redirect": {
        "en": "{url}: a redirect to no address",
        "fr": "{url} : une redirection sans adresse valable",
    },
    "redirect-not-followed": {
        "en": "{url}: a redirect that it does not follow",
        "fr": "{url} : une redirection qu'il ne suit pas",
    },
    "status": {"en": "{url}: status {status}", "fr": "{url} : statut {status}"},
    "asks-password": {
        "en": "{url}: asks for a password",
        "fr": "{url} : demande un mot de passe",
    },
    "html-page": {
        "en": "{url}: a web page in place of settings",
        "fr": "{url} : une page web à la place des réglages",
    },
    "media-type": {
        "en": "{url}: the media type {type} is not XML's",
        "fr": "{url} : le type de média {type} n'est pas celui du XML",
    },
    "not-xml": {"en": "{url}: is not well-formed XML", "fr": "{url} : XML mal formé"},
    "no-provider": {
        "en": "{url}: the document has no emailProvider",
        "fr": "{url} : le document n'a pas d'emailProvider",
    },
    "no-id": {
        "en": "{url}: emailProvider has no host name as id",
        "fr": "{url} : emailProvider n'a pas de nom d'hôte comme id",
    },
    "no-domain-element": {
        "en": "{url}: emailProvider has no domain",
        "fr": "{url} : emailProvider n'a pas de domain",
    },
    "odd-attribute": {
        "en": "{url}: a server has an attribute that is not type",
        "fr": "{url} : un serveur a un attribut autre que type",
    },
    "odd-type": {
        "en": "{url}: it does not know the server type {type}",
        "fr": "{url} : il ne connaît pas le type de serveur {type}",
    },
    "odd-value": {
        "en": "{url}: a server's {element} is missing or odd",
        "fr": "{url} : l'élément {element} d'un serveur manque ou est inhabituel",
    },
    "no-method": {
        "en": "{url}: a server has no way to log in with a password",
        "fr": "{url} : un serveur n'a pas de connexion par mot de passe",
    },
    "no-servers": {"en": "{url}: no servers", "fr": "{url} : pas de serveur"},
    "no-imap": {"en": "{url}: no IMAP server", "fr": "{url} : pas de serveur IMAP"},
    "no-smtp": {"en": "{url}: no SMTP server", "fr": "{url} : pas de serveur SMTP"},
    "no-incoming": {
        "en": "{url}: no server for reading mail",
        "fr": "{url} : pas de serveur de réception",
    },
    "not-autodiscover": {
        "en": "{url}: is no Autodiscover answer",
        "fr": "{url} : n'est pas une réponse Autodiscover",
    },
    "autodiscover-error": {"en": "{url}: error {code}", "fr": "{url} : erreur {code}"},
    "redirect-url": {
        "en": "{url}: leads to {to} within the answer, where it does not go",
        "fr": "{url} : renvoie à {to} dans la réponse, et il n'y va pas",
    },
    "redirect-url-followed": {
        "en": "{url}: leads to {to} within the answer, which was not asked",
        "fr": "{url} : renvoie à {to} dans la réponse, qui n'a pas été interrogé",
    },
    "redirect-address": {
        "en": "{url}: leads to the address {to}; check that one",
        "fr": "{url} : renvoie à l'adresse {to} ; vérifiez celle-là",
    },
}
