"""The names that a test needs, in a network of our own.

No client can reach the world, and no server of this machine is in the way of ports 25 to 995.
dnsmasq answers for the names; every other name does not exist.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.real.namespaces import in_place_of, loopback_alone
from tests.real.programs import listening, program

RESOLVER = {
    Path("/etc/resolv.conf"): "nameserver 127.0.0.1\n",
    Path("/etc/nsswitch.conf"): "passwd: files\ngroup: files\nhosts: files dns\n",
}


@contextmanager
def private_network(
    names: Mapping[str, str],
    mail_exchangers: Iterable[tuple[str, str]],
    autodiscover: Iterable[tuple[str, str]],
    folder: Path,
) -> Iterator[None]:
    """Enter it.

    `names`: the address of each. `mail_exchangers`: pairs of a domain and the host of its MX.
    `autodiscover`: pairs of a domain and the host of its record `_autodiscover._tcp`.
    """
    with loopback_alone(), ExitStack() as stack:
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
            + "".join(
                f"srv-host=_autodiscover._tcp.{domain},{host},443\n"
                for domain, host in autodiscover
            )
        )
        command = [program("dnsmasq"), f"--conf-file={zone}"]
        with listening(command, [53], folder / "dnsmasq.log"):
            yield
