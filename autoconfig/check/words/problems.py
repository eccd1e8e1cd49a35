"""The words for problems and their cures, in English and French: the worst problem first.

Names in braces are `values` of a `Reason`. A cure that ends with a colon has lines to paste. The
order of problems is that in which they are told.
"""

from collections.abc import Mapping
from typing import TypeAlias

from autoconfig.detect.words import ADVICE
from autoconfig.zone.words import WHY

Words: TypeAlias = Mapping[str, str]
"""The same in each of `documents.formats.LANGUAGES`."""

_WRONG: Words = {"en": "In the DNS, {{records}}: {why}.", "fr": "Dans le DNS, {{records}} : {why}."}

PROBLEMS: Mapping[str, Words] = {
    "no-such-domain": {
        "en": "The DNS has no domain {domain}.",
        "fr": "Le DNS n'a pas de domaine {domain}.",
    },
    "look-up-failed": {
        "en": "The DNS gave no answer about {names} ({failure}): what stands there is unknown.",
        "fr": "Le DNS n'a rien répondu sur {names} ({failure}) : ce qui s'y trouve est inconnu.",
    },
    "offer-unknown": {
        "en": "Which servers are right is not known: the DNS does not tell the offer, nor --offer.",
        "fr": "On ne sait quels serveurs sont justes : ni le DNS ni --offer ne disent l'offre.",
    },
    "drift-other-service": {
        "en": "The DNS says {told}, while {has} is expected.",
        "fr": "Le DNS dit {told}, alors que {has} est attendu.",
    },
    "drift-several-services": {
        "en": "The DNS names several services, while {has} is expected.",
        "fr": "Le DNS désigne plusieurs services, alors que {has} est attendu.",
    },
    "drift-mail-elsewhere": {
        "en": "Mail for {domain} goes to {hosts}, which is not the way to {has}.",
        "fr": "L'e-mail de {domain} arrive à {hosts}, ce qui n'est pas le chemin de {has}.",
    },
    "drift-no-mail": {
        "en": "{domain} takes no mail, as its MX record says, while {has} is expected.",
        "fr": "{domain} ne reçoit pas d'e-mail, dit son MX, alors que {has} est attendu.",
    },
    "missing-misled": {
        "en": (
            "Not in the DNS: {names}, where programs ask for the settings. Some then take those "
            "of {place}, which are wrong here: {servers}."
        ),
        "fr": (
            "Absent du DNS : {names}, où les logiciels demandent les réglages. Certains prennent "
            "alors ceux de {place}, faux ici : {servers}."
        ),
    },
    "missing": {
        "en": "Not in the DNS: {names}, where programs ask for the settings.",
        "fr": "Absent du DNS : {names}, où les logiciels demandent les réglages.",
    },
    "missing-saved": {
        "en": (
            "Not in the DNS: {names}, where programs ask for the settings. Some find the right "
            "ones at {place}; the others find nothing."
        ),
        "fr": (
            "Absent du DNS : {names}, où les logiciels demandent les réglages. Certains trouvent "
            "les bons chez {place} ; les autres ne trouvent rien."
        ),
    },
    "wildcard": {
        "en": (
            "Without a record of their own: {names}. The wildcard *.{domain} answers in their "
            "place, with a server that does not know the settings."
        ),
        "fr": (
            "Sans enregistrement propre : {names}. *.{domain} répond à la place, par un serveur "
            "qui ne connaît pas les réglages."
        ),
    },
    "dead-end": {
        "en": "{names}: an alias of {ends}, which has no address.",
        "fr": "{names} : alias de {ends}, qui n'a pas d'adresse.",
    },
    "password-elsewhere": {
        "en": "{host} leads to {servers}, which wants the password and is not of this service.",
        "fr": "{host} mène à {servers}, qui veut le mot de passe et n'est pas de ce service.",
    },
    "wrong-document": {
        "en": "Wrong servers or settings at {place}: {servers}.",
        "fr": "De faux serveurs ou réglages à {place} : {servers}.",
    },
    **{
        f"record-{why}": {lang: text.format(why=words[lang]) for lang, text in _WRONG.items()}
        for why, words in WHY.items()
    },
    "record-not-of-service": {
        "en": "In the DNS, {records}: no server of this service.",
        "fr": "Dans le DNS, {records} : pas un serveur de ce service.",
    },
    "caa-forbids": {
        "en": (
            "The CAA record of {name} permits certificates of {permitted} alone, not of {issuer}, "
            "from which the server gets its own."
        ),
        "fr": (
            "L'enregistrement CAA de {name} n'autorise que les certificats de {permitted}, pas "
            "ceux de {issuer}, où le serveur demande le sien."
        ),
    },
    "caa-unknown": {
        "en": "A CAA record of {name} asks for what no certificate authority knows: none issues.",
        "fr": (
            "Un enregistrement CAA de {name} exige ce qu'aucune autorité de certification ne "
            "connaît : aucune n'émet de certificat."
        ),
    },
    "certificate-name": {
        "en": "The certificate at {hosts} is for {names}, and not for the name that programs ask.",
        "fr": "Le certificat présenté par {hosts} vaut pour {names}, pas pour le nom demandé.",
    },
    "certificate-expired": {
        "en": "The certificate at {hosts} expired on {until}.",
        "fr": "Le certificat présenté par {hosts} a expiré le {until}.",
    },
    "certificate-early": {
        "en": "The certificate at {hosts} is not valid yet, as this computer's clock has it.",
        "fr": "Le certificat présenté par {hosts} n'est pas encore valable, à l'horloge d'ici.",
    },
    "certificate-self-signed": {
        "en": "The certificate at {hosts} is signed by itself: no mail program trusts it.",
        "fr": "Le certificat présenté par {hosts} est auto-signé : aucun logiciel ne s'y fie.",
    },
    "certificate-issuer": {
        "en": (
            "The certificate at {hosts} comes from an issuer that is not trusted here "
            "({issuer}), or the server leaves out an intermediate certificate."
        ),
        "fr": (
            "Le certificat présenté par {hosts} vient d'un émetteur inconnu ici ({issuer}), ou "
            "le serveur omet un certificat intermédiaire."
        ),
    },
    "plain-on-tls-port": {
        "en": "At {hosts}, port 443 does not speak TLS, as https needs it.",
        "fr": "Sur {hosts}, le port 443 ne parle pas TLS, comme https l'exige.",
    },
    "tls-fails": {
        "en": "No TLS connection to {hosts} comes about.",
        "fr": "Aucune connexion TLS avec {hosts} n'aboutit.",
    },
    "port-closed": {
        "en": "At {hosts}, port 443 is closed: nothing answers https.",
        "fr": "Sur {hosts}, le port 443 est fermé : rien ne répond en https.",
    },
    "no-answer": {
        "en": "No answer in time from {hosts}: programs wait in vain, and may give up.",
        "fr": "Pas de réponse à temps de {hosts} : les logiciels attendent en vain, ou renoncent.",
    },
    "unreachable": {
        "en": "Out of reach from this network: {hosts}.",
        "fr": "Hors d'atteinte depuis ce réseau : {hosts}.",
    },
    "closes": {
        "en": "The connection to {hosts} is closed without an answer.",
        "fr": "La connexion à {hosts} est fermée sans réponse.",
    },
    "not-http": {
        "en": "What comes from {hosts} is not HTTP.",
        "fr": "Ce qui vient de {hosts} n'est pas du HTTP.",
    },
    "too-large": {
        "en": "What comes from {hosts} is over 1 MiB, where settings take a few KB.",
        "fr": "Ce qui vient de {hosts} dépasse 1 Mio, alors que des réglages font quelques Ko.",
    },
    "redirects-in-a-circle": {
        "en": "The redirects from {hosts} go in a circle.",
        "fr": "Les redirections de {hosts} tournent en rond.",
    },
    "too-many-redirects": {
        "en": "So many redirects follow one another from {hosts} that some programs give up.",
        "fr": "Tant de redirections se suivent depuis {hosts} que certains logiciels renoncent.",
    },
    "bad-redirect": {
        "en": "The redirect from {hosts} leads to no web address.",
        "fr": "La redirection de {hosts} ne mène à aucune adresse web.",
    },
    "redirect-nowhere": {
        "en": "The redirect leads to {hosts}, which has no address.",
        "fr": "La redirection mène à {hosts}, qui n'a pas d'adresse.",
    },
    "redirect-to-http": {
        "en": (
            "A redirect from https to plain http, which some programs refuse or ask about: {place}."
        ),
        "fr": (
            "Une redirection de https vers http, que des logiciels refusent ou font confirmer : "
            "{place}."
        ),
    },
    "redirect-relative": {
        "en": "A redirect by a relative address, which some programs do not read: {place}.",
        "fr": (
            "Une redirection par une adresse relative, que des logiciels ne lisent pas : {place}."
        ),
    },
    "error-code": {
        "en": "Error {status} from {hosts}: the server there does not know the domain.",
        "fr": "Erreur {status} de {hosts} : le serveur qui s'y trouve ne connaît pas le domaine.",
    },
    "error-of-server": {
        "en": "Error {status} from {hosts}: the server there fails.",
        "fr": "Erreur {status} de {hosts} : le serveur qui s'y trouve est en panne.",
    },
    "web-page": {
        "en": "A web page, or the like, in place of settings or an error: {place}.",
        "fr": "Une page web ou autre, au lieu de réglages ou d'une erreur : {place}.",
    },
    "unreadable": {
        "en": "No XML that a program can read: {place}.",
        "fr": "Pas un XML qu'un logiciel puisse lire : {place}.",
    },
    "bytes-before-xml": {
        "en": "Something before <?xml, such as an empty line, which programs refuse: {place}.",
        "fr": (
            "Quelque chose avant <?xml, comme une ligne vide, ce que des logiciels refusent : "
            "{place}."
        ),
    },
    "byte-order-mark": {
        "en": "A byte order mark at the beginning, which some programs refuse: {place}.",
        "fr": "Une marque d'ordre des octets au début, que certains logiciels refusent : {place}.",
    },
    "other-media-type": {
        "en": "Sent as {given}, while Thunderbird reads text/xml alone, in small letters: {place}.",
        "fr": (
            "Envoyé comme {given}, alors que Thunderbird ne lit que text/xml, en minuscules : "
            "{place}."
        ),
    },
    "empty-document": {
        "en": "An answer of success without any server, at which some programs stop: {place}.",
        "fr": "Une réponse de succès sans aucun serveur, où des logiciels s'arrêtent : {place}.",
    },
    "refused-document": {
        "en": "Some programs find too little in {place}, or refuse it as it is.",
        "fr": "Des logiciels trouvent trop peu dans {place}, ou le refusent tel quel.",
    },
    "address-of-its-own": {
        "en": (
            "This address is on another service than its domain. Programs that ask without the "
            "address get the servers of the domain: {servers}."
        ),
        "fr": (
            "Cette adresse est sur un autre service que son domaine. Les logiciels qui "
            "demandent sans l'adresse obtiennent les serveurs du domaine : {servers}."
        ),
    },
    "wrong-elsewhere": {
        "en": "Wrong servers or settings at {place}, which is not the domain's: {servers}.",
        "fr": "De faux serveurs ou réglages à {place}, qui n'est pas du domaine : {servers}.",
    },
    "wrong-table": {
        "en": "A table within the program has servers for this domain that are wrong: {servers}.",
        "fr": "Une table interne au logiciel a de faux serveurs pour ce domaine : {servers}.",
    },
    "records-missing": {
        "en": (
            "No SRV records lead to the servers: some programs ask nothing else, or go by a "
            "table of their own until these are refused."
        ),
        "fr": (
            "Aucun enregistrement SRV ne mène aux serveurs : des logiciels ne demandent rien "
            "d'autre, ou suivent une table interne jusqu'à un refus."
        ),
    },
    "ipv6-fails": {
        "en": "Over IPv6 ({address}), {host} does not answer as it does over IPv4: {got}.",
        "fr": "En IPv6 ({address}), {host} ne répond pas comme en IPv4 : {got}.",
    },
    "ipv4-fails": {
        "en": "Over IPv4 ({address}), {host} does not answer as it does over IPv6: {got}.",
        "fr": "En IPv4 ({address}), {host} ne répond pas comme en IPv6 : {got}.",
    },
    "families-differ": {
        "en": "{host} has other settings over IPv6 ({address}) than over IPv4.",
        "fr": "{host} donne d'autres réglages en IPv6 ({address}) qu'en IPv4.",
    },
    "http-differs": {
        "en": "Other settings over http than over https: {place}.",
        "fr": "D'autres réglages en http qu'en https : {place}.",
    },
    "certificate-soon": {
        "en": "The certificate at {hosts} expires on {until}, and has not been renewed yet.",
        "fr": (
            "Le certificat présenté par {hosts} expire le {until}, et n'est pas encore renouvelé."
        ),
    },
    # ------------------------------------------------------------------------------------- cures
    "register": {
        "en": "Look whether it is spelled right, and whether its registration has ended.",
        "fr": "Vérifiez son orthographe, et si son enregistrement n'a pas expiré.",
    },
    "ask-again": {
        "en": (
            "Check again in a while, or ask other name servers with --resolver. If it stays so, "
            "it is a matter for whoever runs the name servers of the domain."
        ),
        "fr": (
            "Revérifiez dans un moment, ou demandez à d'autres serveurs de noms avec --resolver. "
            "Si cela reste, c'est l'affaire de qui gère les serveurs de noms du domaine."
        ),
    },
    **{f"offer-{advice}": words for advice, words in ADVICE.items()},
    "mend-other-service": {
        "en": (
            "Look in the control panel which page under Web Cloud lists {domain}, and correct "
            "what is wrong: the configuration, or the MX and SRV records."
        ),
        "fr": (
            "Regardez dans l'espace client quelle page de Web Cloud contient {domain}, et "
            "corrigez ce qui est faux : la configuration, ou les enregistrements MX et SRV."
        ),
    },
    "mend-several-services": {
        "en": (
            "Look in the control panel which page under Web Cloud lists {domain}, and remove the "
            "SRV record of the other service."
        ),
        "fr": (
            "Regardez dans l'espace client quelle page de Web Cloud contient {domain}, et "
            "supprimez l'enregistrement SRV de l'autre service."
        ),
    },
    "mend-mail-elsewhere": {
        "en": (
            "If the mail has moved, change the configuration. If not, restore the MX records that "
            "the control panel shows for the service."
        ),
        "fr": (
            "Si l'e-mail a déménagé, changez la configuration. Sinon, remettez les enregistrements "
            "MX que l'espace client affiche pour le service."
        ),
    },
    "mend-no-mail": {
        "en": "Restore the MX records that the control panel shows for the service.",
        "fr": "Remettez les enregistrements MX que l'espace client affiche pour le service.",
    },
    "publish-by-command": {
        "en": (
            "Have it lead to the server that answers mail programs. This prints the records, "
            "with the name of that server for HOST:"
        ),
        "fr": (
            "Faites pointer cela vers le serveur qui répond aux logiciels. Ceci affiche les "
            "enregistrements, avec le nom de ce serveur à la place de HOST :"
        ),
    },
    "add-records": {"en": "Add to the zone:", "fr": "Ajoutez à la zone :"},
    "replace-records": {
        "en": "Remove that from the zone, and add:",
        "fr": "Supprimez cela de la zone, et ajoutez :",
    },
    "replace-names": {
        "en": "In the zone, replace all records of the same name by:",
        "fr": "Dans la zone, remplacez tous les enregistrements du même nom par :",
    },
    "add-issuer": {
        "en": (
            "Add a CAA record with the domain by which {issuer} goes there, as that says in its "
            "documents."
        ),
        "fr": (
            "Ajoutez un enregistrement CAA avec le domaine que {issuer} y utilise, selon sa "
            "documentation."
        ),
    },
    "remove-records": {
        "en": "Remove from the zone:",
        "fr": "Supprimez de la zone :",
    },
    "mend-address": {
        "en": "Correct or remove this address, or have the server answer at it as well:",
        "fr": "Corrigez ou supprimez cette adresse, ou faites-y répondre le serveur aussi :",
    },
    "get-certificate": {
        "en": (
            "The server needs a certificate for {hosts}, of an authority that programs trust, "
            "such as Let's Encrypt: Caddy gets it by itself, docs/hosting.md has the others. If "
            "it is not your server, correct the record."
        ),
        "fr": (
            "Le serveur a besoin d'un certificat pour {hosts}, d'une autorité reconnue comme "
            "Let's Encrypt : Caddy l'obtient seul, docs/fr/hebergement.md dit comment pour les "
            "autres. Si ce n'est pas votre serveur, corrigez l'enregistrement."
        ),
    },
    "complete-certificate": {
        "en": (
            "Use a certificate of an authority that programs trust, such as Let's Encrypt, and "
            "give the server the whole chain (fullchain.pem)."
        ),
        "fr": (
            "Utilisez un certificat d'une autorité reconnue comme Let's Encrypt, et donnez au "
            "serveur la chaîne entière (fullchain.pem)."
        ),
    },
    "renew-certificate": {
        "en": "Renew it, and find out why that did not happen by itself. With certbot:",
        "fr": "Renouvelez-le, et cherchez pourquoi cela n'a pas été automatique. Avec certbot :",
    },
    "set-clock": {
        "en": "Set this computer's clock; if it is right, get a new certificate.",
        "fr": "Réglez l'horloge de cet ordinateur ; si elle est juste, changez de certificat.",
    },
    "serve-tls": {
        "en": "Set up https in the web server there, with a certificate for {hosts}.",
        "fr": "Activez https dans le serveur web, avec un certificat pour {hosts}.",
    },
    "open-port": {
        "en": "See that the web server runs, and that the firewall lets port 443 through.",
        "fr": "Vérifiez que le serveur web tourne, et que le pare-feu laisse passer le port 443.",
    },
    "check-elsewhere": {
        "en": "Check from another network; if it is the same there, look at the server.",
        "fr": "Vérifiez depuis un autre réseau ; si c'est pareil, regardez le serveur.",
    },
    "look-at-server": {
        "en": (
            "Look at the web server there: what its log and its configuration say, and where it "
            "passes requests on."
        ),
        "fr": (
            "Regardez le serveur web : son journal, sa configuration, et vers quoi il transmet "
            "les requêtes."
        ),
    },
    "mend-redirect": {
        "en": "Answer there without a redirect, or redirect to a full https address.",
        "fr": "Répondez-y sans redirection, ou redirigez vers une adresse https complète.",
    },
    "configure": {
        "en": (
            "Add {domain} to the configuration of that server and reload it; if it is not your "
            "server, correct the record of {hosts}."
        ),
        "fr": (
            "Ajoutez {domain} à la configuration de ce serveur et rechargez-la ; si ce n'est "
            "pas votre serveur, corrigez l'enregistrement de {hosts}."
        ),
    },
    "end-on-site": {
        "en": (
            "Remove it from the web site, and have that answer 404, so that programs ask "
            "elsewhere. In the file .htaccess of Apache:"
        ),
        "fr": (
            "Supprimez cela du site web, et faites-le répondre 404, pour que les logiciels "
            "demandent ailleurs. Dans le fichier .htaccess d'Apache :"
        ),
    },
    "mend-document": {
        "en": "Mend the file or the program that makes it; nothing may stand before <?xml.",
        "fr": "Corrigez le fichier ou le programme qui le produit ; rien ne doit précéder <?xml.",
    },
    "mend-refused": {
        "en": "Mend the file or the program that makes it. This prints what they all read:",
        "fr": "Corrigez le fichier ou le programme qui le produit. Ceci affiche ce qu'ils lisent :",
    },
    "mend-media-type": {
        "en": "Have the web server send it as text/xml.",
        "fr": "Faites-le envoyer en text/xml par le serveur web.",
    },
    "mend-http": {
        "en": "Have one server answer for both, or redirect http to https.",
        "fr": "Faites répondre le même serveur pour les deux, ou redirigez http vers https.",
    },
    "by-hand": {
        "en": "Nothing at the domain changes that: type the settings into the program by hand.",
        "fr": "Rien au domaine n'y change : saisissez les réglages à la main dans le logiciel.",
    },
    "publish-first": {
        "en": (
            "A server or some web space has to answer there first (docs/hosting.md, "
            "docs/without-a-server.md). Then this prints the records, with its name for HOST:"
        ),
        "fr": (
            "Un serveur ou un hébergement web doit d'abord y répondre (docs/fr/hebergement.md, "
            "docs/fr/sans-serveur.md). Ensuite, ceci affiche les enregistrements, avec son nom à "
            "la place de HOST :"
        ),
    },
    "give-address": {
        "en": (
            "This is the name of the server itself: give it an A or AAAA record with the "
            "server's address."
        ),
        "fr": (
            "C'est le nom du serveur lui-même : donnez-lui un enregistrement A ou AAAA avec son "
            "adresse."
        ),
    },
}
