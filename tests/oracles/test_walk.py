"""The walk itself: what is missing, wrong or excluded without need is found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.oracles.walk import Tolerance, findings, leaves

EXPECTED = {"a": {"b": [1.0, None, "Inf"], "c": 0}, "name": "x", "matrix": [[1.0, 2.0], [3.0, 4.0]]}
OURS = {"a": {"b": np.array([1.0, np.nan, np.inf]), "c": 1e-15}, "name": "x", "matrix": np.arange(1.0, 5).reshape(2, 2)}


def test_every_leaf_has_its_path() -> None:
    assert ["/".join(path) for path, _ in leaves(EXPECTED)] == [
        "a/b/0", "a/b/1", "a/b/2", "a/c", "name", "matrix/0/0", "matrix/0/1", "matrix/1/0", "matrix/1/1",
    ]  # fmt: skip


def test_all_is_well() -> None:
    assert findings(EXPECTED, OURS, excluded={}) == []


WRONG = {
    "missing": ({**OURS, "a": {"b": [1.0, np.nan, np.inf]}}, {}, "a/c: no number of ours for 0"),
    "short": ({**OURS, "matrix": np.ones((1, 2))}, {}, "matrix/1/0: no number of ours for 3.0"),
    "off": ({**OURS, "a": {"b": [1 + 1e-8, np.nan, np.inf], "c": 0}}, {}, "a/b/0: expected 1.0, found 1.00000001"),
    "nan": ({**OURS, "a": {"b": [np.nan] * 3, "c": 0}}, {}, "a/b/0: expected 1.0, found nan"),
    "number for null": ({**OURS, "a": {"b": [1, 0.0, np.inf], "c": 0}}, {}, "a/b/1: expected None, found 0.0"),
    "text": ({**OURS, "name": "y"}, {}, "name: expected 'x', found 'y'"),
    "idle": (OURS, {"z/*": "because"}, "exclusion of nothing: z/*"),
    "needless": (OURS, {"a/c": "because"}, "a/c: excluded, and yet there is a number of ours"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found(name: str) -> None:
    ours, excluded, expected = WRONG[name]
    assert expected in findings(EXPECTED, ours, excluded=excluded)


def test_tolerances_are_of_patterns() -> None:
    ours = {**OURS, "matrix": np.array([[1.0, 2.0], [3.0, 4.0001]])}
    assert len(findings(EXPECTED, ours, excluded={})) == 1
    assert findings(EXPECTED, ours, excluded={}, tolerances={"matrix/*": Tolerance(1e-3)}) == []


@pytest.mark.shared
def test_every_folder_is_walked(shared: Path) -> None:
    folders = {path.parent.name for path in (shared / "oracles").glob("*/expected.json")}
    assert folders == {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_[0-9]*.py")}
