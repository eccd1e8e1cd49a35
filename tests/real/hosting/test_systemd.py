"""`deploy/autoconfig.service`: installed by its own steps, and run by a real systemd."""

import re
from pathlib import Path
from subprocess import run

import pytest

from autoconfig.serve.limits import STOP_SECONDS, THREADS
from tests.real.hosting.machines import SOURCE, Machine, ask, journal
from tests.real.programs import program, wait_for
from tests.support.recipes import DEPLOY, steps

UNIT = DEPLOY / "autoconfig.service"
CONFIG = "/etc/autoconfig/autoconfig.toml"
STATUS = "systemctl status --no-pager autoconfig"
EXPOSURE = 2.0
"""The most that `systemd-analyze security` may find, of 10."""


def shown(machine: Machine, name: str) -> str:
    """A property of the service."""
    return machine.run(["systemctl", "show", "autoconfig", "--value", "-p", name]).said.strip()


def test_systemd_finds_no_mistake_in_the_unit(installed: Machine) -> None:
    """In the machine, where the programs that it names are."""
    installed.run("cp deploy/autoconfig.service /tmp/", cwd=SOURCE)
    assert installed.run(["systemd-analyze", "verify", "/tmp/autoconfig.service"]).said == ""  # noqa: S108  # the machine's own


def test_systemd_finds_the_service_little_exposed() -> None:
    command = [program("systemd-analyze"), "security", "--offline=true", "--no-pager"]
    command += [f"--threshold={EXPOSURE * 10:.0f}", str(UNIT)]
    done = run(command, capture_output=True, text=True, check=False)
    level = re.search(r"exposure level for autoconfig\.service: ([\d.]+)", done.stdout)
    assert level, done.stderr
    assert float(level[1]) <= EXPOSURE
    assert done.returncode == 0


def test_service_answers(booted: Machine) -> None:
    answer = ask(booted, "/mail/config-v1.1.xml?emailaddress=alice@example.fr")
    assert "<hostname>pro1.mail.ovh.net</hostname>" in answer
    assert ask(booted, "/ask?domain=autoconfig.client-one.example") == "yes\n"
    assert shown(booted, "ActiveState") == "active"


def test_service_runs_under_a_user_of_its_own_in_its_sandbox(booted: Machine) -> None:
    main = shown(booted, "MainPID")
    pids = booted.run(
        "cat /sys/fs/cgroup/system.slice/autoconfig.service/cgroup.procs"
    ).said.split()
    assert len(pids) >= 2  # the one that systemd started, and its workers
    assert main in pids
    for pid in pids:
        status = dict(
            line.split(":\t", 1)
            for line in booted.run(["cat", f"/proc/{pid}/status"]).said.splitlines()
            if ":\t" in line
        )
        assert pid == main or status["Cpus_allowed_list"].isdecimal()  # one processor
        assert all(61184 <= int(uid) <= 65519 for uid in status["Uid"].split())  # DynamicUser
        assert status["NoNewPrivs"] == "1"
        assert status["Seccomp"] == "2"
        assert {status[f"Cap{kind}"].strip("0") for kind in ("Eff", "Prm", "Bnd", "Amb")} == {""}


def test_service_cannot_write_nor_reach_beyond_loopback(booted: Machine) -> None:
    """The same sandbox, with a program that tries."""
    text = UNIT.read_text()
    start = "ExecStart=/opt/autoconfig/bin/autoconfig serve"
    assert start in text
    tries = {
        "write": "open('/etc/autoconfig/own', 'w')",
        "home": "__import__('os').listdir('/root')",
        "socket": "__import__('socket').socket(__import__('socket').AF_NETLINK, 3)",
        "memory": "__import__('mmap').mmap(-1, 4096, prot=7)",
    }
    for name, attempt in tries.items():
        unit = text.replace(start, f'ExecStart=/opt/autoconfig/bin/python -c "{attempt}"')
        unit = unit.replace("Type=notify", "Type=oneshot").replace(
            "Restart=on-failure", "Restart=no"
        )
        booted.write(f"/run/systemd/system/try-{name}.service", unit)
        booted.write(f"/etc/systemd/system/try-{name}.service", unit)
        booted.run("systemctl daemon-reload")
        assert booted.run(["systemctl", "start", f"try-{name}"], check=False).code != 0, name
        assert "Error: [Errno" in journal(booted, f"try-{name}"), name


def test_reload_takes_the_new_configuration(booted: Machine) -> None:
    service = '\n[[service]]\noffer = "mx-plan"\ndomains = ["new.example"]\n'
    booted.run(["/bin/sh", "-ec", f'printf %s "$1" >>{CONFIG}', "", service])
    before = shown(booted, "MainPID")
    assert "mx-plan" not in ask(booted, "/ask?domain=autoconfig.new.example")
    booted.run("systemctl reload autoconfig")
    wait_for(lambda: ask(booted, "/ask?domain=autoconfig.new.example") == "yes\n", "the new domain")
    assert shown(booted, "MainPID") == before


def test_mistake_in_the_configuration_never_stops_the_service(booted: Machine) -> None:
    booted.run(f"cp {CONFIG} {CONFIG}.good && echo 'servise = 1' >{CONFIG}")
    workers = booted.run("cat /sys/fs/cgroup/system.slice/autoconfig.service/cgroup.procs").said
    try:
        assert booted.run("systemctl reload autoconfig", check=False).code != 0
        counted = "autoconfig_reload_failures_total 1"  # what the alert goes by
        wait_for(lambda: counted in ask(booted, "/metrics"), "the refusal to be counted")
        assert "servise" in journal(booted)
        assert shown(booted, "ActiveState") == "active"
        assert ask(booted, "/ask?domain=autoconfig.example.fr") == "yes\n"
        now = booted.run("cat /sys/fs/cgroup/system.slice/autoconfig.service/cgroup.procs").said
        assert set(workers.split()) & set(now.split())
    finally:
        booted.run(f"mv {CONFIG}.good {CONFIG}")


@pytest.mark.parametrize("command", ["enable --now", "start", "restart"])
def test_mistake_at_the_start_is_said_and_not_tried_again(booted: Machine, command: str) -> None:
    if command != "restart":
        booted.run("systemctl stop autoconfig")
    booted.run(f"cp {CONFIG} {CONFIG}.good && echo 'servise = 1' >{CONFIG}")
    try:
        done = booted.run(f"systemctl {command} autoconfig", check=False)
        assert done.code != 0
        assert "Job for autoconfig.service failed" in done.said
        assert "servise: there is no such key" in booted.run(STATUS, check=False).said
        assert shown(booted, "ActiveState") == "failed"
        assert shown(booted, "NRestarts") == "0"
    finally:
        booted.run(f"mv {CONFIG}.good {CONFIG} && systemctl restart autoconfig")
    wait_for(lambda: ask(booted, "/healthz").startswith("ok"), "the service")


def test_port_that_is_taken_is_said(booted: Machine) -> None:
    """Any other reason, too."""
    booted.run("systemctl stop autoconfig")
    listener = "import socket, time; s = socket.create_server(('127.0.0.1', 8000)); time.sleep(600)"
    log = Path("/dev/null")
    with booted.beside(["/usr/bin/python3", "-c", listener], log, {}, "0:0"):
        wait_for(lambda: ":1F40 " in booted.run("cat /proc/net/tcp").said, "the other server")
        assert booted.run("systemctl start autoconfig", check=False).code != 0
        assert "127.0.0.1:8000" in booted.run(STATUS, check=False).said
    wait_for(
        lambda: booted.run("systemctl restart autoconfig", check=False).code == 0, "the service"
    )


@pytest.mark.parametrize("good", [True, False], ids=["good", "mistake"])
def test_upgrade_as_documented_takes_no_good_server_down(booted: Machine, *, good: bool) -> None:
    """The command that the unit's opening text and docs/hosting.md have."""
    opening = re.sub(r"\s*\n#\s*", " ", UNIT.read_text())
    command = re.search(r"After an upgrade: (.* && systemctl restart autoconfig)\.", opening)
    assert command
    assert command[1] in (DEPLOY.parent / "docs/hosting.md").read_text()
    before = shown(booted, "MainPID")
    booted.run(f"cp {CONFIG} {CONFIG}.good")
    try:
        if not good:
            booted.run(f"echo 'servise = 1' >>{CONFIG}")
        done = booted.run(command[1], check=False)
        assert (done.code == 0) is good
        assert ("servise" in done.said) is not good
        assert (shown(booted, "MainPID") == before) is not good
        wait_for(lambda: ask(booted, "/healthz").startswith("ok"), "the service")
    finally:
        booted.run(f"mv {CONFIG}.good {CONFIG}")


def test_limits_fit_the_workers_of_64_processors() -> None:
    """A worker for each, with all its threads and some of granian's."""
    (tasks,) = re.findall(r"^TasksMax=(\d+)$", UNIT.read_text(), re.MULTILINE)
    assert int(tasks) >= 64 * (THREADS + 32)


def test_stop_may_take_as_long_as_the_server_needs() -> None:
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT.read_text(), re.MULTILINE)
    assert int(seconds) > STOP_SECONDS


def test_service_is_started_again_when_it_is_killed(booted: Machine) -> None:
    before = shown(booted, "MainPID")
    booted.run(["kill", "-KILL", before])
    wait_for(lambda: shown(booted, "MainPID") not in (before, "0"), "another process")
    wait_for(lambda: ask(booted, "/healthz").startswith("ok"), "the service")


def test_service_stops_at_once_and_cleanly(booted: Machine) -> None:
    booted.run("systemctl stop autoconfig")
    assert shown(booted, "Result") == "success"
    assert shown(booted, "ActiveState") == "inactive"
    booted.run("systemctl start autoconfig")


def test_steps_name_the_packages_and_copy_the_unit() -> None:
    assert "apt install python3-venv" in steps(UNIT)
    assert "cp deploy/autoconfig.service /etc/systemd/system/" in steps(UNIT)
