"""The file of a pack: mistakes are told with file and line; the packs of the project are right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmark.cli import app
from benchmark.errors import ConfigError
from benchmark.packs.pack import FOLDER, PROJECT, find_pack, read_pack, shelf

Write = Callable[..., Path]


def test_a_pack_says_what_it_says(write: Write) -> None:
    pack = read_pack(write())
    assert pack.name == "small" and [one.name for one in pack.told.numbers] == ["fold 2", "mean"]
    assert pack.told.numbers[0].ours is not None
    assert pack.told.numbers[0].ours.labels == {"feature_set": "fused", "fold": "1"}
    assert pack.told.predictions["published"].files == ("folds.csv",)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title:", "titel:", r"small.yaml:1: unknown key 'titel'. Did you mean 'title'"),
        ("of: published, table", "of: publishd, table", r"small.yaml:14: unknown .* 'publishd'. Did you mean 'publ"),
        ("table: fold_scores", "table: folds_scores", r"small.yaml:14: unknown table .*Did you mean 'fold_scores'"),
        ("feature_set: fused, fold", "featur_set: fused, fold", r"small.yaml:14: unknown key 'featur_set'"),
        ("published, feature_set", "published, fold: 1, feature_set", r"small.yaml:19: unknown column .* 'fold'"),
        ("tolerance: 0.0005", "tolerance: -1", r"small.yaml:15: .* found -1"),
        ("    printed: table 2\n", "    above: 0\n", r"small.yaml:16: .*should have either a published value"),
        ("    tolerance: 0.0005\n", "    expect: lower\n", r"small.yaml:12: .*should give the reason"),
        ("    tolerance: 0.0005\n", "    later: soon\n", r"small.yaml:12: .*compared, or why later"),
        ("    model: model\n", "", r"small.yaml:4: .*should name either models"),
        ("    fold: fold\n", "    apparent: all\n", r"small.yaml:4: .*should name the column repeat"),
        ("differs:", "experiments: {published: a.yaml}\ndiffers:", r"small.yaml:\d+: .*other names than the predict"),
        ("differs: [nothing]", "differs: [nothing]\nnumbers: []", r"small.yaml:\d+: the key 'numbers' is already"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_file_and_line(write: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        read_pack(write(old, new))


def test_an_unknown_pack_has_a_nearest_name() -> None:
    with pytest.raises(ConfigError, match=r"unknown pack 'dphc'. Did you mean 'dphcc'.*path of a YAML"):
        find_pack("dphc")
    assert find_pack("my/own.yaml") == Path("my/own.yaml")


@pytest.mark.parametrize("path", shelf().values(), ids=lambda path: path.stem)
def test_the_packs_of_the_project(path: Path) -> None:
    pack = read_pack(path)
    assert pack.told.differs and all(one.printed for one in pack.told.numbers)
    assert all(file.resolve().is_relative_to(PROJECT) and file.is_file() for file in pack.experiments.values())


def test_own_packs_come_before_those_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "dphcc.yaml").touch()
    assert shelf()["dphcc"] == FOLDER / "dphcc.yaml" and len(shelf()) > 1
    monkeypatch.setattr("benchmark.packs.pack.PROJECT", tmp_path)
    (tmp_path / FOLDER / "dphcc.yaml").unlink()
    assert shelf() == {}
    done = CliRunner().invoke(app, ["reproduce"])
    assert done.exit_code == 0 and "No packs in experiments/packs" in done.output
