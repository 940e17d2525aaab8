"""Reports kept beside a comparison: what is aggregated is copied, what has rows of patients is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmark.errors import DataError
from benchmark.kept_reports import keep


def made(root: Path, name: str) -> Path:
    """A results folder with a page, two tables, two figures, and what must stay."""
    folder = root / name
    for part in ("tables", "figures"):
        (folder / part).mkdir(parents=True)
    for table, head in (("performance", "model,auc"), ("scores", "case,score"), ("owners", '"n","patient"')):
        (folder / f"tables/{table}.csv").write_text(f"{head}\n1,2\n")
        (folder / f"tables/{table}.md").write_text("| |\n")
        (folder / f"tables/{table}.tex").write_text("%")
    for figure in ("forest_cv.png", "roc_cv.png", "selection_cv.png", "forest_cv.pdf"):
        (folder / "figures" / figure).write_bytes(b"x")
    (folder / "predictions.parquet").write_bytes(b"x")
    (folder / "splits.csv").write_text("case\n")
    links = ("tables/performance.csv", "tables/performance.tex", "figures/forest_cv.png", "tables/scores.csv",
             "provenance.json", "#top")  # fmt: skip
    (folder / "report.html").write_text(" ".join(f'<a href="{link}">x</a>' for link in links))
    return folder


def test_what_is_aggregated_is_kept(tmp_path: Path) -> None:
    folders = {"Cohort A": made(tmp_path, "a"), "Cohort B": made(tmp_path, "b")}
    output = tmp_path / "out"
    (output / "a" / "tables").mkdir(parents=True)
    (output / "a" / "tables" / "old.csv").write_text("x\n")
    assert keep(folders, output) == {"Cohort A": "a/report.html", "Cohort B": "b/report.html"}
    found = sorted(str(path.relative_to(output / "a")) for path in (output / "a").rglob("*") if path.is_file())
    assert found == ["figures/forest_cv.png", "report.html", "tables/performance.csv"]
    text = (output / "a" / "report.html").read_text()
    assert text.split("href=")[1:] == [
        '"tables/performance.csv">x</a> <a ', '"figures/forest_cv.png">x</a> <a ', '"#top">x</a>'
    ]  # fmt: skip


def test_a_folder_without_a_page_and_two_of_one_name(tmp_path: Path) -> None:
    one, other = made(tmp_path, "a"), made(tmp_path / "other", "a")
    with pytest.raises(DataError, match="the reports of two cohorts cannot both be kept as 'a': rename one"):
        keep({"A": one, "B": other}, tmp_path / "out")
    (one / "report.html").unlink()
    with pytest.raises(DataError, match=r"a: no report.html to keep. Write it with radbench report"):
        keep({"A": one}, tmp_path / "out")
    assert not (tmp_path / "out").exists()
