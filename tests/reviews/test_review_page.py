"""`radbench review`: the page and its files, and a user's mistakes as one line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from benchmark.cli import app
from benchmark.errors import BenchmarkError
from benchmark.reviews.review import review

PROJECT = Path(__file__).resolve().parents[2]
STUDIES = PROJECT / "experiments" / "reviews" / "studies.csv"

REVIEW = f"""name: small
studies: {STUDIES}
metrics: [auc]
subgroups:
  split: {{column: split}}
sensitivity:
  model: [best, mean]
published:
  source: a review
  studies: 226
  figures:
    - {{metric: auc, family: fusion, mean: 0.861, sd: 0.088}}
    - {{metric: auc, p: 0.0027}}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "small.yaml"
    path.write_text(text)
    return path


def test_the_command_writes_page_tables_and_figures(tmp_path: Path) -> None:
    path, output = write(tmp_path, REVIEW), tmp_path / "out"
    done = CliRunner().invoke(app, ["review", str(path), "--output", str(output)], catch_exceptions=False)
    assert done.exit_code == 0 and done.output.strip() == f"Report: {output / 'report.html'}"
    page = (output / "report.html").read_text()
    for says in (
        "Beside the published figures",
        "cannot be known",
        "The pooling rule",
        "0.858",
        "Inside studies",
        "Risk of bias",
    ):
        assert says in page
    for name in ("summary_auc", "omnibus_auc", "pairs_auc", "within_auc", "mixed_auc", "asymmetry_auc", "pooled_auc"):
        assert all((output / "tables" / f"{name}{ending}").exists() for ending in (".csv", ".md", ".tex"))
    for name in ("box_auc", "forest_auc", "funnel_auc", "within_auc", "rules"):
        assert all((output / "figures" / f"{name}{ending}").stat().st_size > 1000 for ending in (".png", ".pdf"))
    means = pd.read_csv(output / "tables" / "summary_auc.csv").set_index("group")["mean"]
    assert means["fusion"] == pytest.approx(0.90634)


def test_a_table_of_summaries_alone(tmp_path: Path) -> None:
    path = PROJECT / "experiments" / "reviews" / "from_summary.yaml"
    done = CliRunner().invoke(app, ["review", str(path), "--output", str(tmp_path)], catch_exceptions=False)
    assert done.exit_code == 0
    table = (tmp_path / "tables" / "from_summary.md").read_text()
    assert "10 of 12 numbers are not published" in table and "cannot be known" in table and "| 0.234 |" in table
    assert not (tmp_path / "figures" / "rules.png").exists()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("metrics:", "metrcs:", r"small.yaml:3: unknown key 'metrcs'. Did you mean 'metrics'"),
        ("[auc]", "[acu]", r"small.yaml:3: unknown metric 'acu'. Did you mean 'auc'"),
        ("column: split", "column: splt", r"small.yaml:5: no column 'splt' in a registry. Did you mean 'split'"),
        ("family: fusion", "family: fusions", r"small.yaml:12: unknown family 'fusions'. Did you mean 'fusion'"),
        ("p: 0.0027", "p: 1.2", r"small.yaml:13: 'p' should be less than 1"),
        ("model: [best, mean]", "model: [bets]", r"small.yaml:7: unknown .*'bets'. Did you mean 'best'"),
        ("studies.csv", "studdies.csv", r"studdies.csv: no such file. Did you mean 'studies.csv'"),
        ("metrics: [auc]", "metrics: [auc]\npooling: {splits: [extrenal]}", r"small.yaml:4: .*Did you mean 'external'"),
        (
            "metrics: [auc]",
            "metrics: [auc]\npooling: {families: {DL: DL, fusion: clinical}, splits: [external]}",
            r"small.yaml:4: this pooling rule leaves nothing to compare, auc: studies per family: no study",
        ),
        (
            "metrics: [auc]",
            "metrics: [auc]\npooling: {families: {DL: DL, fusion: DRF+clinical}, splits: [test]}",
            r"small.yaml:4: .*studies per family: DL 1, fusion 1; two families with two studies or more",
        ),
        (f"studies: {STUDIES}", "title: nothing", "should name a registry under studies"),
    ],
)
def test_mistakes_are_told_with_file_and_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(BenchmarkError, match=says):
        review(write(tmp_path, REVIEW.replace(old, new)))


def test_a_mistake_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="no such file"):
        review(tmp_path / "none.yaml")
