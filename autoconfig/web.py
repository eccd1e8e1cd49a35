"""The Flask application: it answers the URLs that are not in our table.

`autoconfig.web:create_app` is the WSGI application for those who bring their own server. The
exchange (`wsgi.exchange`) answers every URL of the table, before Flask; so a route or a blueprint
may be added to the application as to any of Flask's.
"""

import encodings.idna  # noqa: F401  # Flask reads it at the first URL that is not in our table
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from werkzeug.exceptions import BadHost, NotFound, SecurityError

from autoconfig.answers.answer import State
from autoconfig.answers.metrics import Metrics
from autoconfig.answers.refusal import unknown_url
from autoconfig.answers.respond import load_all
from autoconfig.config.load import Config, config_path, load_config
from autoconfig.documents.render import Renderings
from autoconfig.wsgi.environ import Proxies, headers
from autoconfig.wsgi.exchange import Exchange
from autoconfig.wsgi.journal import Journal

if TYPE_CHECKING:
    from autoconfig.detect.detector import Detector
    from autoconfig.detect.findings import Findings

access_log = logging.getLogger("autoconfig.access")
"""One line a request at level INFO."""


def create_app(
    config: Config | Path | None = None,
    journal: Journal | None = None,
    renderings: Renderings | None = None,
    findings: "Findings | None" = None,
) -> Flask:
    """The application, with its configuration loaded and every document rendered.

    `config`: one that is loaded, or where it is (default: `AUTOCONFIG_CONFIG`, else
    `autoconfig.toml` here). `journal`: where answers are noted (default: the logger
    `autoconfig.access`, and counters of this process). `renderings`: the documents, if they have
    been rendered. `findings`: what this process has found in the DNS before. Raises
    `ConfigurationError`, or `jinja2.TemplateError` if a template is broken.
    """
    if not isinstance(config, Config):
        config = load_config(config_path(config))
    journal = journal or Journal(access_log.info, Metrics())
    load_all()
    detector = _detector(config, journal.metrics, findings) if config.detect else None
    state = State(config, renderings or Renderings(), journal.metrics, detector)
    app = Flask(__name__, static_folder=None)
    for error in (
        NotFound,
        BadHost,
        SecurityError,
    ):  # the latter two: Flask refuses the Host header
        app.register_error_handler(error, _refuse)
    app.wsgi_app = Exchange(  # type: ignore[method-assign]  # as Flask documents it
        app.wsgi_app, state, Proxies(config.trusted_proxies), journal
    )
    if config.generator:
        from autoconfig.generator.view import blueprint  # noqa: PLC0415  # no other pays for it

        app.register_blueprint(blueprint(state))
    return app


def _detector(config: Config, metrics: Metrics, findings: "Findings | None") -> "Detector":
    """The detector of a configuration that has the DNS asked; no other pays for its library."""
    from autoconfig.detect.detector import Detector  # noqa: PLC0415  # as said above
    from autoconfig.detect.findings import Findings  # noqa: PLC0415  # the same
    from autoconfig.detect.lookup import Resolver  # noqa: PLC0415  # the same

    resolver = Resolver(config.resolvers)
    return Detector(config.catalogue, resolver, findings or Findings(), metrics.count_look_up)


def _refuse(error: Exception) -> Response:
    """Refuse a URL that neither our table nor an operator's route has."""
    answer = unknown_url(request.path)
    response = Response(answer.body, answer.status)
    response.headers.clear()
    response.headers.extend(headers(answer, None))
    return response
