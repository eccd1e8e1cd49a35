"""A network of our own, in which every port is free, and files in place of this machine's.

This process moves into fresh network and mount namespaces of Linux (which takes root), and so does
every program that it starts from then on. There is no other interface than loopback in there, so
nothing can reach the world. Nothing remains when the namespaces are left.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real.programs import program

NEW_MOUNTS, NEW_NETWORK = 0x20000, 0x40000000  # CLONE_NEWNS and CLONE_NEWNET of sched.h
NAMESPACES = ("net", "mnt")
ADDRESS = "192.0.2.1"
"""Nobody's, RFC 5737: GLib resolves no name on a machine that has only the address of loopback."""
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
"""The CAs that programs of the system trust."""


@contextmanager
def loopback_alone() -> Iterator[None]:
    """Enter namespaces in which loopback has `ADDRESS` too."""
    with _namespaces():
        subprocess.run([program("ip"), "link", "set", "lo", "up"], check=True)
        subprocess.run([program("ip"), "address", "add", f"{ADDRESS}/32", "dev", "lo"], check=True)
        subprocess.run([program("mount"), "--make-rprivate", "/"], check=True)
        yield


@contextmanager
def in_place_of(path: Path, own: Path) -> Iterator[None]:
    """Inside the namespaces, `path` of this machine reads as `own`."""
    subprocess.run([program("mount"), "--bind", own, path], check=True)
    try:
        yield
    finally:
        subprocess.run([program("umount"), path], check=True)


@contextmanager
def _namespaces() -> Iterator[None]:
    if os.geteuid() != 0:
        raise PermissionError("these tests need root, for a network of their own")
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
