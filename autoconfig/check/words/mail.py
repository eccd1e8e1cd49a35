"""The words for mail servers, in English and French: what was seen, and what to do about it.

`{host}` and `{port}` are those of the server, `{said}` its own words or those of a library.
The control panel's pages and columns are called as in OVHcloud's guide to addresses that are
blocked for spam (2026-05-18) and in the one on errors of sending and receiving (2026-02-20).
"""

from collections.abc import Mapping

MAIL: Mapping[str, Mapping[str, str]] = {
    "mail-ok": {
        "en": "works from here, and takes a password over TLS",
        "fr": "fonctionne d'ici, et accepte un mot de passe sous TLS",
    },
    "mail-ok-unprotected": {
        "en": (
            "works from here; it takes a password without TLS, too, so have the mail program use "
            "STARTTLS"
        ),
        "fr": (
            "fonctionne d'ici ; il accepte aussi un mot de passe sans TLS : le logiciel doit "
            "utiliser STARTTLS"
        ),
    },
    "mail-no-password": {
        "en": (
            "answers, but offers no sign-in by password, so mail programs cannot sign in here: "
            "something on the way changes what it says, or the server has a fault"
        ),
        "fr": (
            "répond, mais ne propose pas la connexion par mot de passe : les logiciels ne peuvent "
            "pas s'y connecter. Quelque chose modifie la réponse en chemin, ou le serveur est en "
            "défaut"
        ),
    },
    "mail-no-name": {
        "en": "the DNS has no host name {host}: check the server in the configuration",
        "fr": "le DNS n'a pas de nom d'hôte {host} : vérifiez le serveur dans la configuration",
    },
    "mail-no-address": {
        "en": "the DNS has no address for {host}: check the server in the configuration",
        "fr": "le DNS n'a pas d'adresse pour {host} : vérifiez le serveur dans la configuration",
    },
    "mail-refused": {
        "en": (
            "the connection was refused: the server is down, or a firewall stands in the way. "
            "Try from another network, such as a phone's"
        ),
        "fr": (
            "la connexion a été refusée : le serveur est arrêté, ou un pare-feu fait obstacle. "
            "Essayez depuis un autre réseau, comme celui d'un téléphone"
        ),
    },
    "mail-closed": {
        "en": (
            "the connection was closed before the server had answered: a firewall or an antivirus "
            "on the way, or a fault of the server. Try from another network, such as a phone's"
        ),
        "fr": (
            "la connexion a été coupée avant la réponse du serveur : un pare-feu ou un antivirus "
            "en chemin, ou une panne du serveur. Essayez depuis un autre réseau, comme celui d'un "
            "téléphone"
        ),
    },
    "mail-turned-away": {
        "en": 'the server turns this network away, or is too busy: it says "{said}"',
        "fr": "le serveur refuse ce réseau, ou est trop occupé : il dit « {said} »",
    },
    "mail-odd": {
        "en": (
            'what answers here is no mail server of this kind: it says "{said}". A proxy or a '
            "firewall may stand in the way"
        ),
        "fr": (
            "ce qui répond ici n'est pas un serveur de messagerie de ce type : il dit « {said} ». "
            "Un proxy ou un pare-feu fait peut-être obstacle"
        ),
    },
    "mail-endless": {
        "en": "the server sends more than any mail server does, so no more of it was read",
        "fr": "le serveur envoie plus que tout serveur de messagerie : la lecture s'est arrêtée là",
    },
    "mail-tls-name": {
        "en": (
            "the certificate is for another name than {host} ({said}): the server name is wrong, "
            "or something on the way pretends to be the server. Do not accept the certificate"
        ),
        "fr": (
            "le certificat est celui d'un autre nom que {host} ({said}) : le nom du serveur est "
            "faux, ou quelque chose en chemin se fait passer pour lui. N'acceptez pas ce "
            "certificat"
        ),
    },
    "mail-tls-expired": {
        "en": (
            "the certificate is not valid today ({said}): if the clock of this computer is right, "
            "tell whoever runs the server"
        ),
        "fr": (
            "le certificat n'est pas valable aujourd'hui ({said}) : si l'horloge de cet ordinateur "
            "est juste, prévenez l'exploitant du serveur"
        ),
    },
    "mail-tls-early": {
        "en": (
            "the certificate is not valid yet: set the clock of this computer; if it is right, "
            "tell whoever runs the server"
        ),
        "fr": (
            "le certificat n'est pas encore valable : réglez l'horloge de cet ordinateur ; si elle "
            "est juste, prévenez l'exploitant du serveur"
        ),
    },
    "mail-tls-self-signed": {
        "en": (
            "the certificate is signed by itself, so no program trusts it: an antivirus or a proxy "
            "of this network reads along, or the server was set up so"
        ),
        "fr": (
            "le certificat est auto-signé, et aucun logiciel ne lui fait confiance : un antivirus "
            "ou un proxy de ce réseau lit les échanges, ou le serveur a été installé ainsi"
        ),
    },
    "mail-tls-issuer": {
        "en": (
            "the issuer of the certificate is not trusted here ({said}): an antivirus or a proxy "
            "of this network reads along, or the server lacks its intermediate certificate"
        ),
        "fr": (
            "l'émetteur du certificat n'est pas reconnu ici ({said}) : un antivirus ou un proxy de "
            "ce réseau lit les échanges, ou il manque au serveur son certificat intermédiaire"
        ),
    },
    "mail-tls-plain": {
        "en": (
            "port {port} answers without TLS, where TLS begins at once: the port is wrong, or "
            "something on the way answers in the server's place"
        ),
        "fr": (
            "le port {port} répond sans TLS, là où TLS commence aussitôt : le port est faux, ou "
            "quelque chose en chemin répond à la place du serveur"
        ),
    },
    "mail-tls": {
        "en": "TLS failed ({said}): the server may lack TLS 1.2, which programs need",
        "fr": "TLS a échoué ({said}) : le serveur n'a peut-être pas TLS 1.2, qu'il faut",
    },
    "mail-no-starttls": {
        "en": (
            "the server does not offer STARTTLS here, so a password would go unprotected: an "
            "antivirus or a firewall of this network may take it out. Try from another network"
        ),
        "fr": (
            "le serveur ne propose pas STARTTLS ici, et un mot de passe passerait en clair : un "
            "antivirus ou un pare-feu de ce réseau l'enlève peut-être. Essayez depuis un autre "
            "réseau"
        ),
    },
    "mail-starttls-refused": {
        "en": 'the server offers STARTTLS, and refuses it: it says "{said}". Try again later',
        "fr": "le serveur propose STARTTLS et le refuse : il dit « {said} ». Réessayez plus tard",
    },
    "mail-starttls-injected": {
        "en": (
            "something was slipped in between STARTTLS and TLS: somebody on the way tampers with "
            "the connection. Do not sign in from this network"
        ),
        "fr": (
            "quelque chose a été glissé entre STARTTLS et TLS : quelqu'un en chemin altère la "
            "connexion. Ne vous connectez pas depuis ce réseau"
        ),
    },
    "mail-look-up": {
        "en": "the look-up of {host} failed ({said}), so the server could not be tried",
        "fr": "la recherche de {host} a échoué ({said}) : le serveur n'a pas pu être essayé",
    },
    "mail-timeout": {
        "en": (
            "port {port} gives no answer: the network here blocks it, or the server is down. Try "
            "from another network, such as a phone's"
        ),
        "fr": (
            "le port {port} ne répond pas : le réseau d'ici le bloque, ou le serveur est arrêté. "
            "Essayez depuis un autre réseau, comme celui d'un téléphone"
        ),
    },
    "mail-silent": {
        "en": (
            "port {port} connects, and then says too little too slowly: the server is overloaded, "
            "or an antivirus or a firewall holds the connection. Try again later"
        ),
        "fr": (
            "le port {port} accepte la connexion, puis répond trop peu ou trop lentement : le "
            "serveur est surchargé, ou un antivirus ou un pare-feu retient la connexion. Réessayez "
            "plus tard"
        ),
    },
    "mail-unreachable": {
        "en": "no way leads from here to {host} ({said}): check the connection to the Internet",
        "fr": "aucune route ne mène d'ici à {host} ({said}) : vérifiez la connexion à Internet",
    },
    "mail-blocked": {
        "en": (
            "this network blocks {port}; {other_port} works. In the mail program, choose "
            "{other_host}, port {other_port}, {other_socket}"
        ),
        "fr": (
            "ce réseau bloque {port} ; {other_port} fonctionne. Dans le logiciel, choisissez "
            "{other_host}, port {other_port}, {other_socket}"
        ),
    },
    "mail-blocked-alone": {
        "en": (
            "this network blocks {port}: the same server answers at {other_port}. The offer has no "
            "other port for this, so use another network, such as a phone's, or the webmail, or "
            "have the network's administrator open {port}"
        ),
        "fr": (
            "ce réseau bloque {port} : le même serveur répond sur {other_port}. L'offre n'a pas "
            "d'autre port pour cela ; passez par un autre réseau, comme celui d'un téléphone, ou "
            "par le webmail, ou faites ouvrir {port} par l'administrateur du réseau"
        ),
    },
    "login-ok": {"en": "the password is right", "fr": "le mot de passe est bon"},
    "login-refused": {
        "en": (
            'wrong password or address (the server says "{said}"). The address is needed in full; '
            "an alias or a redirection has no password. Try it in the webmail; if that refuses it, "
            "too, see in the control panel whether the address is blocked, or set a new password "
            "there. Don't try often, as that blocks accounts"
        ),
        "fr": (
            "mot de passe ou adresse faux (le serveur dit « {said} »). Il faut l'adresse "
            "complète ; un alias ou une redirection n'a pas de mot de passe. Essayez-le dans le "
            "webmail ; s'il refuse aussi, voyez dans l'espace client si l'adresse est bloquée, ou "
            "changez-y le mot de passe. N'insistez pas : trop d'essais bloquent un compte"
        ),
    },
    "login-refused-too": {
        "en": 'refuses it, too (the server says "{said}")',
        "fr": "le refuse aussi (le serveur dit « {said} »)",
    },
    "login-cannot-send": {
        "en": (
            "the password is right, as reading takes it, and sending is refused (the server says "
            '"{said}"): the address is blocked, mostly for spam. In the control panel, under Web '
            "Cloud, the list of the service's e-mail accounts says so beside the address; find the "
            "cause (a virus, a stolen password), then unblock it there or by a support ticket"
        ),
        "fr": (
            "le mot de passe est bon, car la réception l'accepte, mais l'envoi est refusé (le "
            "serveur dit « {said} ») : l'adresse est bloquée, le plus souvent pour spam. Dans "
            "l'espace client, sous Web Cloud, la liste des comptes e-mail du service l'indique à "
            "côté de l'adresse ; trouvez la cause (virus, mot de passe volé), puis débloquez-la là "
            "ou par un ticket d'assistance"
        ),
    },
    "login-cannot-read": {
        "en": (
            "the password is right, as sending takes it, and reading is refused (the server says "
            '"{said}"): the account may not use IMAP, or its mailbox is being moved. See whether '
            "the webmail opens; if so, ask the support to allow IMAP"
        ),
        "fr": (
            "le mot de passe est bon, car l'envoi l'accepte, mais la réception est refusée (le "
            "serveur dit « {said} ») : le compte n'a pas droit à IMAP, ou la boîte est en cours de "
            "migration. Voyez si le webmail s'ouvre ; si oui, demandez l'accès IMAP au support"
        ),
    },
    "login-no-right": {
        "en": (
            'the server knows the account, and does not let it in here (it says "{said}"): a right '
            "is missing. Ask whoever manages the addresses, or the support"
        ),
        "fr": (
            "le serveur connaît le compte, mais ne lui donne pas accès ici (il dit « {said} ») : "
            "il lui manque un droit. Demandez à qui gère les adresses, ou au support"
        ),
    },
    "login-blocked": {
        "en": (
            'the account is blocked (the server says "{said}"). In the control panel, under Web '
            "Cloud, the list of the service's e-mail accounts shows its state"
        ),
        "fr": (
            "le compte est bloqué (le serveur dit « {said} »). Dans l'espace client, sous Web "
            "Cloud, la liste des comptes e-mail du service montre son état"
        ),
    },
    "login-expired": {
        "en": 'the password has to be changed (the server says "{said}"): do so in the webmail',
        "fr": (
            "le mot de passe doit être changé (le serveur dit « {said} ») : faites-le dans le "
            "webmail"
        ),
    },
    "login-no-user": {
        "en": (
            'the server has no such account (it says "{said}"): check the address, letter by '
            "letter, and that it has a mailbox of its own"
        ),
        "fr": (
            "le serveur n'a pas ce compte (il dit « {said} ») : vérifiez l'adresse lettre par "
            "lettre, et qu'elle a une boîte à elle"
        ),
    },
    "login-too-often": {
        "en": (
            'too many tries or connections (the server says "{said}"): wait for a quarter of an '
            "hour, and close other programs that try an old password"
        ),
        "fr": (
            "trop d'essais ou de connexions (le serveur dit « {said} ») : attendez un quart "
            "d'heure, et fermez les autres logiciels qui essaient un ancien mot de passe"
        ),
    },
    "login-later": {
        "en": (
            'the server cannot check passwords now (it says "{said}"), so nothing is known of this '
            "one: try again later"
        ),
        "fr": (
            "le serveur ne peut pas vérifier de mot de passe maintenant (il dit « {said} ») : on "
            "ne sait rien de celui-ci, réessayez plus tard"
        ),
    },
    "login-unclear": {
        "en": 'the server refuses for a reason of its own: it says "{said}"',
        "fr": "le serveur refuse pour une raison qui lui est propre : il dit « {said} »",
    },
}
"""By `Reason.what`, the sentence in each language."""
