"""An application reads no file once it is made: its program may be replaced while it runs."""

import subprocess
import sys

from tests.support.recipes import EXAMPLE

PROGRAM = """
import sys
from pathlib import Path
from werkzeug.test import EnvironBuilder, run_wsgi_app
from autoconfig.answers.metrics import Metrics
from autoconfig.web import create_app
from autoconfig.wsgi.journal import Journal
from tests.support.questions import QUESTIONS
from tests.support.requests import MOZILLA
from tests.support.serving import asked

metrics = Metrics()
metrics.text()
app = create_app(Path(sys.argv[1]), Journal(lambda line: None, metrics))
questions = [
    *QUESTIONS,
    asked("GET", "/metrics"),
    asked("GET", f"{MOZILLA}?emailaddress=a@caf%C3%A9.example"),
    asked("GET", "/", "xn--caf-dma.example"),
]
environs = [
    EnvironBuilder(target, method=method, headers=[*headers.items()], data=body).get_environ()
    for method, target, headers, body, _ in questions
]
run_wsgi_app(lambda environ, start: start("200 OK", []) and (), environs[0])
read = set()

def note(event, arguments):
    if event in ("open", "import"):
        read.add(f"{event} {arguments[0]}")

sys.addaudithook(note)
for environ in environs:
    run_wsgi_app(app, environ)
print(*sorted(read), sep="\\n")
"""


def test_answers_read_no_file_and_import_no_module() -> None:
    command = [sys.executable, "-c", PROGRAM, str(EXAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "\n"
