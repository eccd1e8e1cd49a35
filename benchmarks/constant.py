"""Applications that answer every question with a constant: what Flask costs, and what WSGI does."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response

from benchmarks.questions import QUESTIONS, Question

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MEDIA_TYPE = "text/xml; charset=utf-8"

SITE = "BENCHMARK_SITE"
"""The environment variable that names the folder of the answers, as nginx has them."""


def wsgi() -> "WSGIApplication":
    contents = {question.path: content for question, content in _contents().items()}

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        content = contents[environ["PATH_INFO"]]
        length = ("Content-Length", str(len(content)))
        start_response("200 OK", [("Content-Type", MEDIA_TYPE), length])
        return [content]

    return answer


def flask() -> Flask:
    app = Flask(__name__, static_folder=None)
    for question, content in _contents().items():
        _add(app, question, content)
    return app


def _contents() -> Mapping[Question, bytes]:
    site = os.environ[SITE]
    return {question: Path(site + question.path).read_bytes() for question in QUESTIONS}


def _add(app: Flask, question: Question, content: bytes) -> None:
    @app.route(question.path, endpoint=question.path, methods=[question.method])
    def answer() -> Response:
        return Response(content, content_type=MEDIA_TYPE)
