"""Records of a domain, written as a zone has them: `1 mx0.mail.ovh.net`, `0 0 443 ex5…`."""

from autoconfig.detect.records import Mx, Records, Srv


def records_of(*lines: str) -> Records:
    """The records of lines such as `MX 1 HOST`, `SRV 0 0 443 HOST` and `DKIM NAME`."""
    mx: list[Mx] = []
    srv: list[Srv] = []
    dkim: dict[str, str] = {}
    for line in lines:
        kind, *numbers, host = line.split()
        host = "" if host == "." else host
        match kind, [int(number) for number in numbers]:
            case "MX", [preference]:
                mx.append(Mx(preference, host))
            case "SRV", [priority, weight, port]:
                srv.append(Srv(priority, weight, port, host))
            case "DKIM", []:
                dkim[f"selector-{len(dkim)}"] = host
    assert len(mx) + len(srv) + len(dkim) == len(lines)
    return Records(tuple(mx), tuple(srv), dkim)
