"""Mail-client autoconfiguration for domains whose mail is at OVHcloud.

Where things are, from the bottom up; a module imports only from those above it in this list:

- `problems`      what an operator got wrong, and how a value is shown
- `errors`        what a client gets in place of settings
- `names`         mail domains and e-mail addresses, in the one form used everywhere
- `schema`        a TOML document checked against types, every mistake reported
- `offers`        what an offer and a service are: the types of `offers.toml`
- `conflicts`     what the types cannot say of `offers.toml`
- `catalogue`     the offers loaded and checked, and a service resolved from one of them
- `documents`     the table of formats, and a rendered document that only lacks names
- `render`        the Jinja templates of `templates/`
- `directory`     which service answers for a domain or an address
- `config`        the operator's configuration file
- `endpoints`     the table of URLs
- `metrics`       what the processes of one server count, and Prometheus' form of it
- `webspace`      kinds of web space without Python, and what each needs
- `export`        the documents as files
- `listing`       the offers as a table and as JSON
- `autodiscover`  reading what Outlook and ActiveSync clients post
- `request`       what a client asked, and the names that stand in it
- `answers`       what each URL answers, without a web framework
- `journal`       the access log and the counters: where answers are noted
- `gateway`       WSGI on both sides of `answers`: an environ read, headers written
- `fast`          what nearly everybody asks, without Flask
- `web`           the Flask application
- `serve`         the production server that runs it
- `cli`           the `autoconfig` command
"""
