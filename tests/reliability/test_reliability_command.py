"""`radbench reliability`: every measure of every feature, the table per block, and the figure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from typer.testing import CliRunner

from benchmark.cli import app
from benchmark.errors import DataError
from benchmark.reliability import icc_unequal

YAML = "name: toy\ncohort:\n  name: toy\n  case: id\n  blocks: {HRF: {file: a.csv, readings: [b.csv, c.csv]}}\n"


def write_readings(folder: Path) -> None:
    """12 subjects read twice, five of them three times, without an outcome."""
    rng = np.random.default_rng(0)
    truth = rng.normal(10, 2, (12, 3))
    for name, n in (("a", 12), ("b", 12), ("c", 5)):
        table = pd.DataFrame((truth + rng.normal(0, [0.1, 1, 5], (12, 3)))[:n], columns=["good", "fair", "bad"])
        table.assign(id=range(n)).to_csv(folder / f"{name}.csv", index=False)


def test_unequal_readings_of_a_cohort_without_an_outcome(tmp_path: Path) -> None:
    write_readings(tmp_path)
    (tmp_path / "toy.yaml").write_text(YAML)
    command = ["reliability", str(tmp_path / "toy.yaml"), "-o", str(tmp_path / "out"), "--form", "ICC(1,1)"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "| HRF | HRF | 12 | 29 | 3 |" in done.output
    features = pd.read_csv(tmp_path / "out" / "features.csv").set_index("feature")
    tables = [pd.read_csv(tmp_path / f"{name}.csv").set_index("id").reindex(range(12)) for name in "abc"]
    expected = icc_unequal(np.stack([table.to_numpy() for table in tables], axis=1))["estimate"]
    np.testing.assert_allclose(features["icc"], expected, rtol=1e-10)
    assert features.loc["good", "band"] == "excellent"
    for name in (
        "tables/reliability.csv",
        "tables/reliability.tex",
        "figures/reliability.png",
        "figures/reliability.pdf",
    ):
        assert (tmp_path / "out" / name).is_file()


def test_one_reading_is_told(tmp_path: Path) -> None:
    write_readings(tmp_path)
    (tmp_path / "toy.yaml").write_text(YAML.replace(", readings: [b.csv, c.csv]", ""))
    done = CliRunner().invoke(app, ["reliability", str(tmp_path / "toy.yaml")])
    assert isinstance(done.exception, DataError)
    assert "no block of the cohort toy has repeated readings: add readings to a block" in str(done.exception)
