"""Mail-client autoconfiguration for domains whose mail is at OVHcloud.

The rooms, from the ground up; a room knows only those above it in this list:

- `problems`    an operator's mistakes, and how a value is quoted
- `names`       mail domains and e-mail addresses, in the one form used everywhere
- `errors`      refusals, which a client gets in place of settings
- `typed_toml`  TOML checked against types, every mistake reported
- `offers`      what OVHcloud sells: the facts, and a service resolved from them
- `programs`    mail programs, as data: what each asks, and how it reads and chooses
- `guides`      what a person does in each mail program, as data
- `sign`        the signature of an Apple profile, by the operator's own key
- `documents`   the documents of a service: formats, templates, placeholders
- `config`      the operator's file, and the service that answers for each name
- `detect`      the offer of a domain, as its DNS zone tells
- `zone`        the DNS records of a domain: what they should be, are, and what to change
- `account`     a customer's account at OVHcloud: its services, and its DNS zones
- `check`       what each mail program will do with an address, and why
- `answers`     from a question to an answer, without a web framework
- `wsgi`        HTTP: one request from environ to log line
- `export`      files for web space that runs no Python, and for Mozilla's public database
- `generator`   files for people without a server: a form, and the ZIP that it answers with
- `web`         `create_app`: the Flask application
- `serve`       the production server that runs it
- `cli`         the `autoconfig` command
"""
