"""The one form of a path, whatever the path."""

from hypothesis import assume, example, given
from hypothesis import strategies as st

from autoconfig.answers.endpoints import CASELESS_PREFIX, canonical_path
from tests.support.strategies import paths, scalar_values


@given(st.one_of(st.text(), st.text().map(CASELESS_PREFIX.__add__), paths))
@example("/AutoDiscover/\u0130")
def test_canonical_path_is_its_own_canonical_path(path: str) -> None:
    canonical = canonical_path(path)
    assert canonical_path(canonical) == canonical


@given(paths)
def test_canonical_path_below_no_autodiscover_is_as_it_was(path: str) -> None:
    assume(not path.lower().startswith(CASELESS_PREFIX))
    assert canonical_path(path) == path


@given(st.text(scalar_values, max_size=20))
@example("é")
def test_canonical_path_stays_the_utf_8_that_it_was(text: str) -> None:
    path = f"{CASELESS_PREFIX}{text}".encode().decode("latin-1")
    assert (
        canonical_path(path).encode("latin-1").decode().lower()
        == f"{CASELESS_PREFIX}{text}".lower()
    )
