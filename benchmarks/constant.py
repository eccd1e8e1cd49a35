"""A Flask application that answers every question with a constant: what the framework costs."""

import os
from pathlib import Path

from flask import Flask, Response

from benchmarks.questions import QUESTIONS, Question

SITE = "BENCHMARK_SITE"
"""The environment variable that names the folder of the answers, as nginx has them."""


def create_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    for question in QUESTIONS:
        _add(app, question, Path(os.environ[SITE] + question.path).read_bytes())
    return app


def _add(app: Flask, question: Question, content: bytes) -> None:
    @app.route(question.path, endpoint=question.path, methods=[question.method])
    def answer() -> Response:
        return Response(content, content_type="text/xml; charset=utf-8")
