"""The server, and Apache over the tree of the same configuration: one question, two answers."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from autoconfig.answers.endpoints import ENDPOINTS
from autoconfig.config.load import Config
from autoconfig.export.files import export
from autoconfig.export.program import HANDLERS
from tests.real.programs import Server, autoconfig_serve
from tests.real.webspace.questions import HTTPS, Answer, Question, ask
from tests.real.webspace.servers import Web, apache_with_fpm, apache_with_module

Start = Callable[[Path, Path], AbstractContextManager[Web]]
PHP: dict[str, Start] = {"module": apache_with_module, "fpm": apache_with_fpm}

SERVER_ALONE = {each.path: each for each in ENDPOINTS if each.kind not in HANDLERS}
"""The URLs that web space does not have."""


@dataclass(frozen=True, slots=True)
class Pair:
    """`php`: the way in which PHP runs, a name in `PHP`."""

    php: str
    serve: Server
    apache: Web

    def ask(self, question: Question) -> tuple[Answer, Answer]:
        """Both answers."""
        question = self.with_etag(question)
        return ask(self.serve.port, question), ask(self.apache.port, question)

    def with_etag(self, question: Question) -> Question:
        """The question with the validator of the server's answer in the place of `{etag}`."""
        tags = question.headers.get("If-None-Match", "")
        if "{etag}" not in tags:
            return question
        headers = {**question.headers, **HTTPS, "If-None-Match": ""}
        etag = ask(self.serve.port, replace(question, headers=headers)).headers.get("ETag", "none")
        headers = {**question.headers, "If-None-Match": tags.replace('"{etag}"', etag)}
        return replace(question, headers=headers)


def serve_without_codes(config: Path, folder: Path) -> AbstractContextManager[Server]:
    """The server, with pages as web space has them: it draws no QR codes."""
    autoconfig = (sys.executable, "-m", "tests.real.webspace.without_codes")
    return autoconfig_serve(config, folder, autoconfig=autoconfig)


def write_tree(config: Config, tree: Path) -> Path:
    """The tree of a configuration for Apache."""
    list(export(tree, config.served, "apache", config.base_url))
    return tree


def compared(server: Answer, apache: Answer) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """Status, headers and body of each. A file has a validator of Apache's own."""
    expected, got = dict(server.headers), dict(apache.headers)
    if apache.from_file:
        expected.pop("ETag", None)
        got.pop("ETag", None)
    return (server.status, expected, server.body), (apache.status, got, apache.body)
