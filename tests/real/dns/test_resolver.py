"""`deploy/unbound.conf`, as unbound takes it."""

from tests.real.dns.name_servers import UNBOUND
from tests.real.programs import program, public_folder, running, wait_for
from tests.support.recipes import DEPLOY

ADDRESS = "127.0.0.20"


def test_unbound_starts_with_the_file_and_warns_of_nothing() -> None:
    with public_folder() as folder:
        (folder / "root.hints").write_text(". 3600 IN NS ns.example.\n")
        config, log = folder / "unbound.conf", folder / "unbound.log"
        own = UNBOUND.format(address=ADDRESS, folder=folder)
        file = (DEPLOY / "unbound.conf").read_text().replace("interface: 127.0.0.1\n", "")
        config.write_text(own + file)
        with running([program("unbound"), "-d", "-c", config], log):
            wait_for(lambda: "start of service" in log.read_text(), "unbound")
        assert [line for line in log.read_text().splitlines() if " warning: " in line] == []
