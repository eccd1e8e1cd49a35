"""A network of our own: nothing but loopback, every port free, and the names that a test needs.

This process moves into fresh network and mount namespaces of Linux (which takes root), and so does
every program that it starts from then on. There is no other interface in there, so no client can
reach the world, and no server of this machine is in the way of ports 25 to 995. dnsmasq answers
for the names; every other name does not exist. Nothing remains when the namespaces are left.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.real.programs import listening, program

NEW_MOUNTS, NEW_NETWORK = 0x20000, 0x40000000  # CLONE_NEWNS and CLONE_NEWNET of sched.h
NAMESPACES = ("net", "mnt")
ADDRESS = "192.0.2.1/32"
"""Nobody's, RFC 5737: GLib resolves no name on a machine that has only the address of loopback."""

RESOLVER = {
    Path("/etc/resolv.conf"): "nameserver 127.0.0.1\n",
    Path("/etc/nsswitch.conf"): "passwd: files\ngroup: files\nhosts: files dns\n",
}


@contextmanager
def private_network(
    names: Mapping[str, str], mail_exchangers: Iterable[tuple[str, str]], folder: Path
) -> Iterator[None]:
    """Enter it.

    `names`: the address of each. `mail_exchangers`: pairs of a domain and the host of its MX.
    """
    with _namespaces(), ExitStack() as stack:
        subprocess.run([program("ip"), "link", "set", "lo", "up"], check=True)
        subprocess.run([program("ip"), "address", "add", ADDRESS, "dev", "lo"], check=True)
        subprocess.run([program("mount"), "--make-rprivate", "/"], check=True)
        for path, text in RESOLVER.items():
            own = folder / path.name
            own.write_text(text)
            stack.enter_context(in_place_of(path, own))
        zone = folder / "dnsmasq.conf"
        zone.write_text(
            "no-resolv\nno-hosts\nno-daemon\nuser=root\nlisten-address=127.0.0.1\n"
            "bind-interfaces\nlocal=/#/\npid-file=\nlog-queries\n"
            + "".join(f"host-record={name},{address}\n" for name, address in names.items())
            + "".join(f"mx-host={domain},{host},1\n" for domain, host in mail_exchangers)
        )
        command = [program("dnsmasq"), f"--conf-file={zone}"]
        with listening(command, [53], folder / "dnsmasq.log"):
            yield


@contextmanager
def in_place_of(path: Path, own: Path) -> Iterator[None]:
    """Inside the private network, `path` of this machine reads as `own`."""
    subprocess.run([program("mount"), "--bind", own, path], check=True)
    try:
        yield
    finally:
        subprocess.run([program("umount"), path], check=True)


@contextmanager
def _namespaces() -> Iterator[None]:
    if os.geteuid() != 0:
        raise PermissionError("the tests of real clients need root, for a network of their own")
    libc = ctypes.CDLL(None, use_errno=True)
    before = [os.open(f"/proc/thread-self/ns/{name}", os.O_RDONLY) for name in NAMESPACES]
    try:
        _checked(libc.unshare(NEW_MOUNTS | NEW_NETWORK), "unshare")
        try:
            yield
        finally:
            for namespace in before:
                _checked(libc.setns(namespace, 0), "setns")
    finally:
        for namespace in before:
            os.close(namespace)


def _checked(result: int, call: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{call}: {os.strerror(ctypes.get_errno())}")
