"""`autoconfig export` that cannot go on: every file is whole or absent, and the path is named."""

import signal
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from autoconfig.export.manifest import NAME, places
from autoconfig.names import Domain
from tests.support.load import configure
from tests.support.recipes import EXAMPLE
from tests.support.running import PATIENCE, until
from tests.support.serving import COMMAND

HOST = "autoconfig.example.fr"
DOCUMENT = f"{HOST}/mail/config-v1.1.xml"


def export(folder: Path, *options: str, blocks: int | None = None) -> tuple[int, str]:
    """Exit code and messages. `blocks`: of 512 or 1,024 bytes (shells differ), as the longest file
    that the kernel lets it write; the first bytes of a longer one are written, as on a full disk.
    """
    limit = f"ulimit -f {blocks}; " if blocks is not None else ""
    command: list[str | Path] = [
        "sh",
        "-c",
        f'{limit}exec "$@"',
        "sh",
        COMMAND,
        "export",
        folder,
        *options,
    ]
    done = subprocess.run(
        [*command, "--config", EXAMPLE], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def tree(folder: Path) -> Mapping[str, bytes]:
    """Every file by its path, temporary ones too, but the list of them."""
    found = (path for path in folder.rglob("*") if path.is_file() and path != folder / NAME)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_full_disk_is_said_with_the_file_that_does_not_fit(tmp_path: Path) -> None:
    """The list comes first, and already does not fit."""
    code, said = export(tmp_path / "web", blocks=1)
    assert code == 2
    assert f"error: {tmp_path}/web/{NAME}: " in said
    assert tree(tmp_path) == {}


def test_list_that_does_not_fit_leaves_the_files_of_the_last_run_whole(tmp_path: Path) -> None:
    assert export(tmp_path, "--for", "apache")[0] == 0
    before, listed = tree(tmp_path), (tmp_path / NAME).read_bytes()
    code, said = export(tmp_path, blocks=1)
    assert code == 2
    assert f"error: {tmp_path}/{NAME}: " in said
    assert (tree(tmp_path), (tmp_path / NAME).read_bytes()) == (before, listed)
    assert export(tmp_path)[0] == 0
    assert not any(name.startswith("autoconfig-data") for name in tree(tmp_path))


def test_full_disk_leaves_the_files_of_the_last_run_whole(tmp_path: Path) -> None:
    """The documents fit again, the program for Apache does not."""
    assert export(tmp_path, "--for", "apache")[0] == 0
    before = tree(tmp_path)
    documents = {name: data for name, data in before.items() if name.endswith(".xml")}
    longest = max(map(len, documents.values()))
    blocks = longest // 512 + 1
    assert 1024 * blocks < len(before["autoconfig-people.php"])
    assert 512 * blocks > (tmp_path / NAME).stat().st_size + 100  # it says "not finished" now
    for name in documents:
        (tmp_path / name).unlink()
    code, said = export(tmp_path, "--for", "apache", blocks=blocks)
    assert code == 2
    assert f"error: {tmp_path}/autoconfig-people.php: " in said
    assert tree(tmp_path) == before


@pytest.mark.parametrize("taken", [HOST, f"{HOST}/mail"])
def test_file_in_the_place_of_a_folder_is_named_and_stays(tmp_path: Path, taken: str) -> None:
    place = tmp_path / taken
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("mine")
    code, said = export(tmp_path)
    assert code == 2
    assert f"error: {tmp_path / HOST}" in said
    assert place.read_text() == "mine"
    assert DOCUMENT not in tree(tmp_path)
    whole(tmp_path, taken)


def test_file_in_the_place_of_the_whole_folder_is_named_and_stays(tmp_path: Path) -> None:
    place = tmp_path / "web"
    place.write_text("mine")
    code, said = export(place)
    assert code == 2
    assert str(place) in said
    assert tree(tmp_path) == {"web": b"mine"}


def test_folder_in_the_place_of_a_file_is_named_and_stays(tmp_path: Path) -> None:
    (tmp_path / DOCUMENT).mkdir(parents=True)
    code, said = export(tmp_path)
    assert code == 2
    assert f"error: {tmp_path / DOCUMENT}: Is a directory" in said
    assert (tmp_path / DOCUMENT).is_dir()
    whole(tmp_path)


@pytest.mark.parametrize("count", [1, 500, 3000])
def test_interrupted_run_leaves_whole_files_and_no_other(tmp_path: Path, count: int) -> None:
    config, folder = tmp_path / "mine.toml", tmp_path / "web"
    folder.mkdir()
    configure(config, more=20_000)
    with (tmp_path / "messages").open("w+") as messages, ExitStack() as ending:
        process = subprocess.Popen(
            [COMMAND, "export", folder, "--config", config], stderr=messages, stdout=messages
        )
        ending.callback(process.kill)
        assert until(lambda: sum(1 for _ in folder.iterdir()) > count)  # beside the list
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        messages.seek(0)
        assert messages.read().strip().endswith("interrupted")
    assert 0 < len(tree(folder)) < 2 * 20_000
    whole(folder)
    assert export(folder)[0] == 0
    assert set(tree(folder)) == set(tree(exported(tmp_path / "other")))


def exported(folder: Path) -> Path:
    assert export(folder)[0] == 0
    return folder


def whole(folder: Path, *but: str) -> None:
    for name, content in tree(folder).items():
        if name not in but:
            assert Path(name).name in {Path(path).name for path in places(Domain("a.fr"))}
            assert content.endswith(b"</clientConfig>\n")
