"""Where tables are looked for."""

from __future__ import annotations

import pytest

from benchmark.errors import ConfigError
from benchmark.readers import files
from benchmark.readers.files import find_file, places


def test_order_of_the_places(folder, monkeypatch: pytest.MonkeyPatch) -> None:
    yaml, data, shared = folder / "yaml", folder / "data", folder / "shared" / "data"
    for place in (yaml, data, shared):
        place.mkdir(parents=True)
    monkeypatch.setenv(files.VARIABLE, str(data))
    assert places(yaml) == [yaml, data, shared]
    for place in (shared, data, yaml):
        (place / "t.csv").write_text("x")
        assert find_file("t.csv", yaml) == place / "t.csv"


def test_beside_the_current_folder(folder, monkeypatch: pytest.MonkeyPatch) -> None:
    shared, here = folder / "shared" / "data", folder / "here"
    shared.mkdir(parents=True)
    here.mkdir()
    (shared / "t.csv").write_text("x")
    monkeypatch.setattr(files, "PROJECT", folder / "elsewhere" / "project")
    monkeypatch.chdir(here)
    assert find_file("t.csv", folder / "yaml") == shared / "t.csv"


def test_absolute_and_home(folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert find_file(str(folder / "hrf.csv"), folder / "yaml") == folder / "hrf.csv"
    assert find_file("~/hrf.csv", folder / "yaml") == folder / "hrf.csv"
    with pytest.raises(ConfigError) as caught:
        find_file(str(folder / "hfr.csv"), folder / "yaml", path=("cohort",))
    assert str(caught.value) == f"no file '{folder}/hfr.csv'. Did you mean 'hrf.csv'? Looked in: {folder}."
    assert caught.value.path == ("cohort",)


def test_a_folder_is_no_file(folder) -> None:
    (folder / "sub").mkdir()
    with pytest.raises(ConfigError, match="no file 'sub'"):
        find_file("sub", folder)


def test_every_place_is_told(folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(files.VARIABLE, str(folder / "data"))
    with pytest.raises(ConfigError) as caught:
        find_file("nothing", folder)
    assert str(caught.value) == f"no file 'nothing'. Looked in: {folder}, {folder}/data."
