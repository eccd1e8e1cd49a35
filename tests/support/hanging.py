"""A configuration of three files, and files whose readers wait, as on a mount that is dead."""

import fcntl
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.support.load import OLD
from tests.support.own_offers import OWN_OFFERS
from tests.support.running import until

INLINE = "inline.example"
FILES: Mapping[str, str] = {
    "mine.toml": 'offers_file = "offers.toml"\n'
    '[[service]]\noffer = "mx-plan"\ndomains_file = "domains.txt"\n'
    f'[[service]]\noffer = "zimbra-starter"\ndomains = ["{INLINE}"]\n',
    "domains.txt": f"{OLD}\nexample.com\n",
    "offers.toml": OWN_OFFERS,
}


def write_files(folder: Path) -> Path:
    """Write them; the path of the configuration."""
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder / "mine.toml"


@dataclass(frozen=True, slots=True)
class Hanging:
    """A file on which this process has a lease, see fcntl(2): who opens it waits for the end of it.

    The kernel ends it after `/proc/sys/fs/lease-break-time`, 45 seconds by default.
    """

    file: IO[bytes]

    def is_awaited(self) -> bool:
        """Whether somebody waits to open it."""
        return fcntl.fcntl(self.file, fcntl.F_GETLEASE) != fcntl.F_WRLCK

    def come(self, text: str) -> None:
        """Give a text to the one who waits."""
        assert until(self.is_awaited)
        self.file.truncate(0)
        self.file.seek(0)
        self.file.write(text.encode())
        self.file.flush()
        fcntl.fcntl(self.file, fcntl.F_SETLEASE, fcntl.F_UNLCK)


@contextmanager
def hanging(path: Path) -> Iterator[Hanging]:
    """Let readers of a file wait until it comes, or the block ends."""
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)  # by which the kernel tells of a reader
    with path.open("r+b") as file:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        yield Hanging(file)
    signal.signal(signal.SIGIO, before)
