"""Tables of cases, each with the name that it is reported under."""

from collections.abc import Mapping

import pytest


def table(rows: Mapping[str, object]) -> list[object]:
    """The rows of a table as parameters with their names as ids; a tuple is several parameters."""
    return [
        pytest.param(*(row if isinstance(row, tuple) else (row,)), id=name)
        for name, row in rows.items()
    ]
