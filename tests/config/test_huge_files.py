"""Files that are none of ours: endless, huge, a pipe, millions of mistakes.

Each is refused by a message; what costs more than the file's length would end no test here.
"""

import os
from pathlib import Path

import pytest

from autoconfig.config.load import load_config
from autoconfig.problems import MOST_SAID, ConfigurationError
from autoconfig.typed_toml import MAX_FILE

NAMED = {
    "configuration": None,
    "domains_file": '[[service]]\noffer = "mx-plan"\ndomains_file = "{}"\n',
    "offers_file": 'offers_file = "{}"\n[[service]]\noffer = "mx-plan"\ndomains = ["a.fr"]\n',
}
"""How a file is named: on the command line, or by a key of a configuration."""


def refused(path: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_config(path)
    return str(caught.value)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def _folder(path: Path) -> None:
    path.mkdir()


def _circle(path: Path) -> None:
    path.symlink_to(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10**11)


def _slightly_too_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_FILE + 1)


@pytest.mark.parametrize("way", NAMED)
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_fifo, "is no file, but a device, a pipe or the like: name a file"),
        (_device, "is no file, but a device"),
        (_terminal, "is no file, but a device"),
        (_folder, "Is a directory"),
        (_circle, "Too many levels of symbolic links"),
        (_sparse, f"is larger than {MAX_FILE // 1024**2} MiB"),
        (_slightly_too_large, "is larger than"),
        (lambda path: None, "there is no such file"),
    ],
)
def test_what_is_no_file_or_too_large_is_refused_unread(
    tmp_path: Path, way: str, make: object, said: str
) -> None:
    path = tmp_path / "named"
    assert callable(make)
    make(path)
    text, asked = NAMED[way], path
    if text is not None:
        asked = tmp_path / "autoconfig.toml"
        asked.write_text(text.format(path.name))
    message = refused(asked)
    assert f"{path}: " in message
    assert said in message
    assert "\n" not in message


def test_million_domains_fit_into_a_file() -> None:
    assert len("a-customer-with-a-long-name-1000000.example\n") * 10**6 < MAX_FILE


LONG = ".".join(["a"] * 50_000)


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG} = 1\n",
        f"[{LONG}]\n",
        f"[[{LONG}]]\n",
        f"service = [{{ {LONG} = 1 }}]\n",
        " . ".join(['"a b"', "'c'", r'"\""', "d"] * 10_000) + " = 1\n",
        "a = " + "[" * 50_000,
        "a = " + "{a = " * 50_000,
        "a = " + "9" * 50_000 + "\n",
    ],
    ids=["key", "table", "array", "inline", "quoted", "arrays", "inline tables", "number"],
)
def test_key_or_value_of_any_length_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    assert "holds a value that is too large" in refused(tmp_path / "c.toml")


def test_longest_domain_in_a_text_is_no_long_key(tmp_path: Path) -> None:
    longest = ".".join(["a"] * 127)
    text = (
        f'# {longest}\n[[service]]\noffer = "mx-plan"\ndomains = ["{longest}", "b.{longest[2:]}"]\n'
    )
    (tmp_path / "c.toml").write_text(text)
    assert len(load_config(tmp_path / "c.toml").served.domains) == 2


MANY = 3 * MOST_SAID


def repeated(text: str) -> str:
    return f'"{text}", ' * MANY


SERVICE = '[[service]]\noffer = "mx-plan"\n'
MISTAKES = {
    "unknown tables": "".join(f"[t{n}]\n" for n in range(20_000)),
    "unknown keys": "".join(f"base_ur{n} = 1\n" for n in range(MANY)),
    "keys of a service": "[[service]]\n" + "".join(f"offe{n} = 1\n" for n in range(MANY)),
    "services": "[[service]]\n" * MANY,
    "domains of no type": f"{SERVICE}domains = [{'1, ' * MANY}]\n",
    "domains of no form": f"{SERVICE}domains = [{repeated('x')}]\n",
    "domains twice": f"{SERVICE}domains = [{repeated('a.fr')}]\n",
    "addresses": f"{SERVICE}addresses = [{repeated('x')}]\n",
    "proxies": f"trusted_proxies = [{repeated('x')}]\n",
}


@pytest.mark.parametrize("text", MISTAKES.values(), ids=MISTAKES.keys())
def test_any_number_of_mistakes_is_said_by_the_first_thousand(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    lines = refused(tmp_path / "c.toml").splitlines()
    assert len(lines) == MOST_SAID + 1
    assert lines[-1] == "there are more mistakes: mend these first"
    assert len(set(lines)) > 1


@pytest.mark.parametrize("text", ["!\n" * 10**6, "x" * 10**7, "a.fr\n" * 10**5])
def test_list_of_anything_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.txt").write_text(text)
    (tmp_path / "c.toml").write_text('[[service]]\noffer = "mx-plan"\ndomains_file = "list.txt"\n')
    assert "list.txt: line " in refused(tmp_path / "c.toml")


def test_file_of_offers_with_thousands_of_mistakes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("".join(f"[[offer]]\nx{n} = 1\n" for n in range(MANY)))
    (tmp_path / "c.toml").write_text('offers_file = "own.toml"\n[[service]]\noffer = "own"\n')
    assert len(refused(tmp_path / "c.toml").splitlines()) == MOST_SAID + 1


def test_few_mistakes_are_all_said(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("".join(f"[t{n}]\n" for n in range(300)))
    assert len(refused(tmp_path / "c.toml").splitlines()) == 301  # and that there is no service


def test_huge_value_is_said_by_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(f"base_url = 0x{'f' * 10**5}\n[[service]]\noffer = {{}}\n")
    assert max(map(len, refused(tmp_path / "c.toml").splitlines())) < 500


@pytest.mark.parametrize(
    "text",
    [
        f"{'k' * 10**5} = 1\n",
        f"[[service]]\n{'k' * 10**5} = 1\n",
        f'[[service]]\noffer = "{"x" * 10**5}"\n',
    ],
    ids=["key", "key of a service", "offer"],
)
def test_huge_key_is_said_by_its_beginning(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    longest = max(map(len, refused(tmp_path / "c.toml").splitlines()))
    assert longest < 10_000  # a message about an offer names all that there are
