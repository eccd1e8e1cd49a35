"""An export that is killed before any of its steps leaves whole files; the next run mends the rest.

A step opens, moves or removes a file, or makes or removes a directory.
"""

import os
import shutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autoconfig.config.load import load_config
from autoconfig.export.files import export
from tests.support.exports import run, tree

STEPS = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir")
"""The audit events of Python."""


def killed_before(number: int, folder: Path, work: Callable[[], object]) -> bool:
    """Whether the work has such a step in the folder; its process ends there, as by SIGKILL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads: the child needs none
        child = os.fork()
    if child == 0:
        count = 0

        def step(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal count
            if event in STEPS and str(arguments[0]).startswith(str(folder)):
                count += 1
                if count == number:
                    os._exit(9)

        sys.addaudithook(step)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def configured(folder: Path, *domains: str) -> Path:
    path = folder / f"{domains[0]}.toml"
    names = ", ".join(f'"{domain}"' for domain in domains)
    path.write_text(f'[[service]]\noffer = "mx-plan"\ndomains = [{names}]\n')
    return path


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("target", ["plain", "apache"])
@pytest.mark.parametrize("first", [None, "apache", "nginx"], ids=lambda each: each or "new folder")
def test_run_that_is_killed_at_any_step_is_mended_by_the_next(
    tmp_path: Path, first: str | None, target: str
) -> None:
    """In a folder with files of somebody else, after an earlier export or without one."""
    before, after = configured(tmp_path, "a.fr", "b.fr"), configured(tmp_path, "b.fr", "c.fr")
    web, old, new = (tmp_path / name for name in ("web", "old", "new"))
    old.mkdir()
    if first:
        assert run(str(old), "--for", first, "--config", str(before)).exit_code == 0
    assert run(str(new), "--for", target, "--config", str(after)).exit_code == 0
    for mine in ("mine.txt", "a.fr/index.html"):
        (old / mine).parent.mkdir(exist_ok=True)
        (old / mine).write_text("mine")
    known = [tree(old), tree(new)]
    wanted = everything(new) | {"mine.txt", "a.fr", "a.fr/index.html"}
    served = load_config(after).served
    number = 1
    shutil.copytree(old, web)
    while killed_before(number, web, lambda: list(export(web, served, target))):
        for name, content in tree(web).items():
            file = name.rpartition("/")[2]
            unfinished = file.startswith(".") and file not in {".htaccess"}
            assert unfinished or content in [each.get(name) for each in known]
        assert run(str(web), "--for", target, "--config", str(after)).exit_code == 0
        assert everything(web) == wanted
        assert tree(new).items() <= tree(web).items()
        assert (web / "a.fr/index.html").read_text() == "mine"
        number += 1
        shutil.rmtree(web)
        shutil.copytree(old, web)
    assert number > 20
