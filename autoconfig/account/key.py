"""How to get keys for OVHcloud's API that may do what a command needs, and no more."""

from collections.abc import Mapping

from autoconfig.account.credentials import REGIONS
from autoconfig.account.rights import Need
from autoconfig.offers.model import AccountPages

WORDS: Mapping[str, str] = {
    "en": """\
To get keys for OVHcloud's API:

1. Open the page of your endpoint (ovh-ca for an account in Canada or Asia-Pacific, else ovh-eu),
   and log in. The rights are filled in already: those that this command needs, and no others. Each
   of them counts, as * does not cover the path before it. For one run, a validity of one day will
   do.

{pages}

2. Write the keys that it shows into ~/.ovh.conf, and let nobody else read that file
   (chmod 600 ~/.ovh.conf):

   [default]
   endpoint={endpoint}

   [{endpoint}]
   application_key=...
   application_secret=...
   consumer_key=...

Or make a service account, whose keys do not expire:

{guides}

Write client_id= and client_secret= in place of the three keys, and allow these actions on your
services in an IAM policy:

{actions}""",
    "fr": """\
Pour obtenir des clés de l'API d'OVHcloud :

1. Ouvrez la page de votre point d'accès (ovh-ca pour un compte du Canada ou d'Asie-Pacifique, sinon
   ovh-eu), et connectez-vous. Les droits y sont déjà remplis : ceux qu'il faut à cette commande, et
   aucun autre. Chacun compte, car * ne couvre pas le chemin qui le précède. Pour une seule fois,
   une validité d'un jour suffit.

{pages}

2. Écrivez les clés affichées dans ~/.ovh.conf, et ne laissez personne d'autre lire ce fichier
   (chmod 600 ~/.ovh.conf) :

   [default]
   endpoint={endpoint}

   [{endpoint}]
   application_key=...
   application_secret=...
   consumer_key=...

Ou créez un compte de service, dont les clés n'expirent pas :

{guides}

Écrivez client_id= et client_secret= à la place des trois clés, et autorisez ces actions sur vos
services dans une politique IAM :

{actions}""",
}

CHANGE_TOO: Mapping[str, str] = {
    "en": "   Or, for keys that serve `dns --apply` too, which changes DNS records:",
    "fr": "   Ou, si elles doivent aussi servir à `dns --apply`, qui modifie le DNS :",
}
"""Between what a command needs that reads, and what is for both."""


def how_to_get_keys(
    need: Need, account: Mapping[str, AccountPages], lang: str, too: Need | None = None
) -> str:
    """What a person has to do. `account`: its pages, by region; the first is that of the example.

    `too`: what `dns --apply` needs besides, so that a person may make keys once for both.
    """
    endpoints = {name: account[region] for name, region in REGIONS.items() if region in account}
    guides = dict.fromkeys(each.service_account_guide for each in endpoints.values())
    pages, actions = [_pages(need, endpoints)], [_actions(need)]
    if too:
        pages += [CHANGE_TOO[lang], _pages(need.joined(too), endpoints)]
        actions += [CHANGE_TOO[lang], _actions(need.joined(too))]
    return WORDS[lang].format(
        pages="\n\n".join(pages),
        endpoint=next(iter(endpoints)),
        guides="\n".join(f"   {guide}" for guide in guides),
        actions="\n\n".join(actions),
    )


def _pages(need: Need, endpoints: Mapping[str, AccountPages]) -> str:
    """The page of each endpoint, with the rights filled in."""
    rights = "&".join(f"{rule.method}={rule.path}" for rule in need.rules)
    return "\n".join(f"   {name}: {each.key_page}?{rights}" for name, each in endpoints.items())


def _actions(need: Need) -> str:
    return "\n".join(f"   {action}" for action in need.actions)
