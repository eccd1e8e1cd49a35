"""1,600 clients that never finish their request, before each web server of `deploy/`.

The bound is 500 ms for the 99th percentile of good requests. It is printed (`pytest -rP`) and not
held, since a test says nothing about the time on a machine that is busy otherwise.
"""

import pytest

from tests.real.hosting.flood import SLOW, flood, good_clients
from tests.real.hosting.fronts import Front

CLIENTS = 1600


@pytest.mark.parametrize("kind", SLOW)
def test_good_requests_are_answered_beside_clients_that_never_finish(
    front: Front, kind: str
) -> None:
    with flood(front.http, CLIENTS, SLOW[kind]):
        waited = good_clients(front)
    print(f"99 % of good requests within {waited.p99:.0f} ms")  # noqa: T201  # the bound
    assert waited.statuses == {200}
