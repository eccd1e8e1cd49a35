"""A machine to install on and to throw away: this one, seen through a layer that takes all changes.

Commands run in a mount namespace of their own, whose root is an overlay of this machine's, so they
may write to /opt and /etc as they stand in a recipe. With `boot`, systemd runs in it as its first
process, with a network that has loopback alone. Everything is gone with the last process.
"""

import os
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tests.real.programs import program, running, wait_for

CHECKOUT = Path(__file__).parents[3]
SOURCE = "/src"
"""Where the checkout stands in the machine, without what is not in the source."""
_ABSENT = (".git", ".venv", ".venv-real", ".mypy_cache", ".hypothesis", "build", "dist")

_LAYERS = """
set -eu
mount --make-rprivate /
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
mount -t proc proc proc
mount -t tmpfs none tmp
chmod 1777 tmp
mount --rbind /dev dev
[ ! -d "$3" ] || mount --bind "$3" ".$3"
mkdir -p "$2"
touch "$1/ready"
exec sleep infinity
"""

_BOOT = """
set -eu
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs none dev
for node in null zero full random urandom tty; do
  touch dev/$node
  mount --bind /dev/$node dev/$node
done
mkdir dev/shm dev/pts
mount -t devpts none dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs none dev/shm
mount -t tmpfs none run
mount --bind -o ro proc/sys proc/sys
ip link set lo up
pivot_root . tmp
umount -l tmp
exec /usr/bin/env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  SYSTEMD_UNIT_PATH=/etc/systemd/system "$2" --unit=basic.target --log-target=journal
"""

JOURNAL = "systemd-journald.service systemd-journald.socket systemd-journald-dev-log.socket"
SYSTEMD = "/lib/systemd/systemd"
TARGETS = ("basic", "sysinit", "shutdown", "multi-user", "network", "network-online")
"""The units that a service refers to. Here they bring nothing else up: no other service of this
machine runs, and nothing is set in its kernel."""


@dataclass(frozen=True)
class Done:
    """A command that has ended, with what it said on both outputs."""

    code: int
    said: str


@dataclass(frozen=True)
class Machine:
    """`pid`: a process in it. `root`: its root, as that process sees it."""

    pid: int
    root: str
    booted: bool = False

    def run(
        self,
        command: Sequence[str] | str,
        env: Mapping[str, str] | None = None,
        cwd: str = "/",
        user: str | None = None,
        *,
        check: bool = True,
    ) -> Done:
        """A command, or a line of shell. `env`: instead of this process's. `user`: `uid:gid`."""
        line = ["/bin/sh", "-ec", command] if isinstance(command, str) else list(command)
        done = subprocess.run(
            [*self._enter(user), *_environment(env, cwd), *line],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert not (check and done.returncode), f"{command}:\n{done.stdout}"
        return Done(done.returncode, done.stdout)

    @contextmanager
    def beside(
        self, command: Sequence[str], log: Path, env: Mapping[str, str], user: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A command that runs until the block ends."""
        whole = [*self._enter(user), *_environment(env, "/"), *command]
        with running(whole, log) as process:
            yield process

    def write(self, path: str, text: str) -> None:
        self.run(["/bin/sh", "-ec", 'mkdir -p "${1%/*}"; printf %s "$2" >"$1"', "", path, text])

    def take(self, other: "Machine", source: str, target: str) -> None:
        """Copy a folder of another machine."""
        self.run(["mkdir", "-p", target])
        with subprocess.Popen(
            [*other._enter(), "tar", "-C", source, "-c", "."], stdout=subprocess.PIPE
        ) as archive:
            subprocess.run(
                [*self._enter(), "tar", "-C", target, "-x"], stdin=archive.stdout, check=True
            )
        assert archive.returncode == 0

    def _enter(self, user: str | None = None) -> list[str]:
        enter = [program("nsenter"), f"--target={self.pid}", "--mount"]
        if self.booted:
            enter += ["--pid", "--net", "--ipc", "--uts", "--cgroup"]
        enter += ["chroot"]
        if user:
            enter += [f"--userspec={user}", "--groups="]
        return [*enter, self.root]


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """A machine with the source in `SOURCE`, Debian's Python as `python`, and nothing of ours."""
    assert os.geteuid() == 0, "a machine to throw away takes root, for its mounts"
    layers = folder / f"machine-{uuid.uuid4().hex[:8]}"
    layers.mkdir()
    wheels = os.environ.get("PIP_FIND_LINKS", "")
    command = [program("unshare"), "--mount", "sh", "-c", _LAYERS, ""]
    command += [str(layers), SOURCE[1:], wheels]
    log = layers.with_suffix(".log")
    with running(command, log) as process:

        def is_ready() -> bool:
            assert process.poll() is None, log.read_text()
            return Path(f"/proc/{process.pid}/root{layers}/ready").exists()

        wait_for(is_ready, "the layers of a machine")
        found = Machine(process.pid, f"{layers}/root")
        _copy_source(found)
        found.run("rm -rf /opt/autoconfig /etc/autoconfig /etc/systemd/system/autoconfig.service")
        # Debian's, which every user may run, and which the recipes call `python3`.
        found.write("/usr/local/bin/python", '#!/bin/sh\nexec /usr/bin/python3 "$@"\n')
        found.run("chmod +x /usr/local/bin/python")
        yield found


@contextmanager
def boot(machine: Machine, folder: Path) -> Iterator[Machine]:
    """systemd as the first process of the machine, in a control group of its own."""
    assert Path(SYSTEMD).exists(), "systemd is missing: apt install systemd"
    machine.run("rm -rf /etc/systemd/system/* /etc/systemd/system.conf.d")
    for target in TARGETS:
        text = "[Unit]\nDefaultDependencies=no\nRefuseManualStart=no\n"
        machine.write(f"/etc/systemd/system/{target}.target", text)
    machine.write("/etc/systemd/system/basic.target.d/log.conf", f"[Unit]\nWants={JOURNAL}\n")
    for unit in JOURNAL.split():
        machine.run(["cp", f"/lib/systemd/system/{unit}", "/etc/systemd/system/"])
    unshare = [program("unshare"), "--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup"]
    command = [program("nsenter"), f"--target={machine.pid}", "--mount", *unshare]
    command += ["--fork", "--kill-child", "sh", "-c", _BOOT, "", machine.root, SYSTEMD]
    with _control_group() as group:
        # The shell joins the group before it becomes the rest, so that all of it is inside.
        joining = ["sh", "-c", 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"', "", str(group)]
        log = folder / "boot.log"
        with running([*joining, *command], log) as process:

            def first() -> int | None:
                assert process.poll() is None, log.read_text()
                children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
                return int(children.split()[0]) if children.strip() else None

            booted = replace(machine, pid=wait_for(first, "systemd"), root="/", booted=True)
            wait_for(
                lambda: "running" in booted.run("systemctl is-system-running", check=False).said,
                "systemd to be up",
            )
            yield booted


def ask(machine: Machine, target: str, host: str = "autoconfig.example.fr") -> str:
    """What the server on port 8000 of the machine answers."""
    url = f"http://127.0.0.1:8000{target}"
    command = [program("curl"), "--silent", "--max-time", "10", "--header", f"Host: {host}", url]
    return machine.run(command, check=False).said


def journal(machine: Machine, unit: str = "autoconfig") -> str:
    """What a service has said."""
    return machine.run(["journalctl", "--no-pager", "--output=cat", "-u", unit], check=False).said


def _environment(env: Mapping[str, str] | None, cwd: str) -> list[str]:
    chosen = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp"}  # noqa: S108  # the machine's own
    # How this machine reaches the package index, wherever that is said.
    chosen |= {k: v for k, v in os.environ.items() if k.startswith("PIP_") or "proxy" in k.lower()}
    chosen |= env or {}
    return ["/usr/bin/env", f"--chdir={cwd}", "-i", *(f"{k}={v}" for k, v in chosen.items())]


def _copy_source(machine: Machine) -> None:
    archive = subprocess.run(
        ["tar", "-C", CHECKOUT, *(f"--exclude=./{name}" for name in _ABSENT), "-c", "."],
        capture_output=True,
        check=True,
    ).stdout
    command = [*machine._enter(), "tar", "-C", SOURCE, "-x"]
    subprocess.run(command, input=archive, check=True)


@contextmanager
def _control_group() -> Iterator[Path]:
    """A group in this machine's hierarchy, wherever that is mounted."""
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
    root = next((Path(m[1]) for m in mounts if m[2] == "cgroup2"), None)
    assert root, "no cgroup2 hierarchy is mounted: mount -t cgroup2 cgroup2 /sys/fs/cgroup"
    group = root / f"autoconfig-{uuid.uuid4().hex[:8]}"
    group.mkdir()
    try:
        yield group
    finally:
        for _ in range(100):  # a group stays busy for a moment after its last process
            with suppress(OSError):
                for each in sorted(group.rglob("*/"), reverse=True):
                    if each.is_dir():
                        each.rmdir()
                group.rmdir()
                break
            time.sleep(0.05)
