"""A file is whole or absent."""

from pathlib import Path

import pytest

from autoconfig.export.whole import move_to_free_place, write_whole


def test_new_file_is_whole_and_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "new", b"all of it", move=move_to_free_place)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    assert (tmp_path / "new").read_bytes() == b"all of it"


@pytest.mark.parametrize("there", ["file", "folder", "link"])
def test_new_file_takes_the_place_of_nothing(tmp_path: Path, there: str) -> None:
    place = tmp_path / "place"
    match there:
        case "file":
            place.write_bytes(b"somebody's")
        case "folder":
            place.mkdir()
        case "link":
            place.symlink_to(tmp_path / "nowhere")
    before = place.lstat()
    with pytest.raises(FileExistsError) as raised:
        write_whole(place, b"ours", move=move_to_free_place)
    assert raised.value.filename == str(place)
    assert [*tmp_path.iterdir()] == [place]
    assert place.lstat() == before
