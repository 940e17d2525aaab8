"""The report: every file, one self-contained page, whatever is missing."""

from __future__ import annotations

import io
import json
import math
import re
import subprocess
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image

from benchmark import figures, report, tables
from benchmark.figures import Drawing
from benchmark.page import PLACING
from tests.simulated_results import simulate

OF_SEVERAL_CLASSES = {"multiclass", "per_class", "per_class_calibration", "roc_per_class", "calibration_per_class"}
SMALL: dict[str, Any] = {"feature_sets": ["HRF", "HRF + DRF"], "classifiers": ["lda"]}


class Page(HTMLParser):
    """What a page holds: tags, links, texts, and whether its tags are closed in order."""

    VOID = frozenset({"meta", "img", "br", "hr", "link", "input"})

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text += " "
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, attribute: str) -> list[str]:
        return [str(attributes[attribute]) for name, attributes in self.tags if name == tag and attribute in attributes]


@pytest.fixture
def roc_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One figure instead of all, for what has nothing to do with figures."""
    monkeypatch.setattr(figures, "OF_DESIGN_AND_ROLE", {"roc": figures.OF_DESIGN_AND_ROLE["roc"]})
    for menu in ("OF_DESIGN", "OF_MODEL"):
        monkeypatch.setattr(figures, menu, {})


def written(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full")
    (folder / "provenance.json").write_text(
        json.dumps({"command": "radbench run a.yaml", "versions": {"numpy": "2.4.6"}, "files": [{"file": "hrf.csv"}]})
    )
    page = report.write(folder, *simulate(**SMALL))
    assert page == folder / "report.html"
    return folder


def test_every_table_and_figure_is_a_file_in_every_format(full: Path) -> None:
    files = written(full)
    for name in ("cohort", "blocks", "dropped", "feature_sets", "preprocessings", "designs", "skipped", "effort"):
        assert {f"tables/{name}{ending}" for ending in (".csv", ".md", ".tex")} <= files
    for name in set(tables.OF_DESIGN_AND_ROLE) - OF_SEVERAL_CLASSES:
        assert {f"tables/{name}_kfold_out-of-fold{ending}" for ending in (".csv", ".md", ".tex")} <= files
    for name in set(figures.OF_DESIGN_AND_ROLE) - OF_SEVERAL_CLASSES:
        assert {f"figures/{name}_kfold_out-of-fold{ending}" for ending in (".png", ".pdf")} <= files
    assert {"tables/features_kfold.csv", "figures/selection_kfold.pdf"} <= files
    assert not any(name.endswith(".tmp") for name in files)


def test_pictures_are_sharp_and_letters_in_the_pdf_are_letters(full: Path) -> None:
    with Image.open(full / "figures" / "roc_kfold_out-of-fold.png") as image:
        assert [round(dots) for dots in image.info["dpi"]] == [300, 300]
        assert image.width == 1050
    pdf = (full / "figures" / "roc_kfold_out-of-fold.pdf").read_bytes()
    assert b"/CIDFontType2" in pdf  # type 42, not type 3
    assert b"/Type3" not in pdf
    assert b"CreationDate" not in pdf
    embedded = re.findall(rb"/Length1 \d+.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    fonts = [set(TTFont(io.BytesIO(zlib.decompress(font))).keys()) for font in embedded]
    assert fonts and all("glyf" in font and not font & set(PLACING) for font in fonts)
    assert subset.load_font.__module__ == "fontTools.subset"  # matplotlib's own fonts are left as they were


def test_the_page_needs_nothing_else(full: Path) -> None:
    page = Page(full / "report.html")
    assert all(source.startswith("data:image/png;base64,") for source in page.all("img", "src"))
    assert len(page.all("img", "src")) == len([name for name in written(full) if name.endswith(".png")])
    assert not page.all("script", "src") + page.all("link", "href")
    assert "http" not in (full / "report.html").read_text(encoding="utf-8")
    inside = {f"#{anchor}" for _, attributes in page.tags if (anchor := attributes.get("id"))}
    for link in page.all("a", "href"):
        assert link in inside if link.startswith("#") else (full / link).exists()


def test_the_page_says_what_was_asked_how_it_was_done_and_what_came_out(full: Path) -> None:
    text = " ".join(Page(full / "report.html").text.split())
    for section in report.SECTIONS.values():
        assert section.title in text
    for part in (
        "Handcrafted, deep and clinical features for 2-year survival", "293 cases", "12 no outcome",
        "ComBat (parametric)", "20 candidates", "Tried: 4 recipes", "seed 20260101", "no image block",
        "radbench run a.yaml",
        "2.4.6", "hrf.csv", "Net benefit", "chosen inside", "What the statistics mean",
    ):  # fmt: skip
        assert part in text, part
    assert "nan" not in text.casefold().split()


def test_written_twice_is_the_same_to_the_byte(full: Path, tmp_path: Path) -> None:
    (tmp_path / "provenance.json").write_bytes((full / "provenance.json").read_bytes())
    report.write(tmp_path, *simulate(**SMALL))
    assert written(tmp_path) == written(full)
    for name in written(full):
        assert (tmp_path / name).read_bytes() == (full / name).read_bytes(), name


def test_nothing_at_all_is_still_a_page(tmp_path: Path) -> None:
    text = Page(report.write(tmp_path, {}, {})).text
    assert "There is no provenance.json" in text
    assert written(tmp_path) == {"report.html"}


def test_empty_frames_without_columns(tmp_path: Path) -> None:
    results, run = simulate(**SMALL)
    Page(report.write(tmp_path, results | {name: pd.DataFrame() for name in ("failures", "trials", "curves")}, run))
    assert "tables/performance_kfold_out-of-fold.md" in written(tmp_path)
    assert "figures/roc_kfold_out-of-fold.png" not in written(tmp_path)


def test_undefined_numbers_everywhere(tmp_path: Path) -> None:
    results, run = simulate(**SMALL)
    for name in ("estimates", "comparisons", "anova", "posthoc", "curves"):
        results[name][results[name].select_dtypes("number").columns] = math.nan
    text = Page(report.write(tmp_path, results, run)).text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_auc_alone_as_of_several_classes(tmp_path: Path) -> None:
    results, run = simulate(**SMALL)
    estimates = results["estimates"][results["estimates"]["measure"] == "auc"].assign(low=math.nan, high=math.nan)
    run = run | {"classes": ["a", "b", "c"], "positive": None}
    Page(report.write(tmp_path, {"estimates": estimates}, run))
    assert {"figures/heatmap_kfold_out-of-fold.png", "tables/performance_kfold_out-of-fold.tex"} <= written(tmp_path)


def test_several_classes_have_their_own_tables_and_figures(tmp_path: Path) -> None:
    report.write(tmp_path, *simulate(**SMALL, classes=("CNL", "MSI", "POLE")))
    suffix, files = "_kfold_out-of-fold", written(tmp_path)
    assert {f"{part}/{name}{suffix}{end}" for part, names, end in (
        ("tables", ("multiclass", "per_class", "confusion", "per_class_calibration", "pairs", "added_value"), ".csv"),
        ("figures", ("roc_per_class", "confusion", "calibration_per_class", "forest"), ".png"),
    ) for name in names} <= files  # fmt: skip
    for name in ("tables/performance", "tables/calibration", "figures/roc", "figures/decision_curve"):
        assert f"{name}{suffix}.csv" not in files and f"{name}{suffix}.png" not in files


def test_one_recipe(tmp_path: Path) -> None:
    results, run = simulate(feature_sets=["HRF"], classifiers=["lda"], chosen=False)
    results["comparisons"] = results["comparisons"].iloc[:0]
    results["posthoc"] = results["posthoc"].iloc[:0]
    Page(report.write(tmp_path, results, run))
    assert "figures/heatmap_kfold_out-of-fold.png" not in written(tmp_path)


def test_several_designs_and_roles_have_their_own_files_and_headings(tmp_path: Path, roc_alone: None) -> None:
    places = (("kfold", "out-of-fold"), ("roles", "internal"), ("roles", "external"))
    results, run = simulate(feature_sets=["HRF"], classifiers=["lda"], places=places)
    page = Page(report.write(tmp_path, results, run))
    files = written(tmp_path)
    for suffix in ("kfold_out-of-fold", "roles_internal", "roles_external"):
        assert f"tables/performance_{suffix}.csv" in files
        assert f"figures/roc_{suffix}.pdf" in files
    assert {"tables/features_kfold.csv", "tables/features_roles.csv"} <= files
    assert page.text.count("roles (predefined roles), external cases") >= 5
    assert page.text.index("roles (predefined roles), internal") < page.text.index("roles (predefined roles), external")


def test_names_cannot_break_the_page_or_leave_the_folder(tmp_path: Path, roc_alone: None) -> None:
    evil = "<script>alert(1)</script> & ../x"
    results, run = simulate(feature_sets=[evil], classifiers=["lda"], places=((evil, "test"),))
    run |= {"title": evil}
    page = Page(report.write(tmp_path / "out", results, run))
    assert len([tag for tag, _ in page.tags if tag == "script"]) == 1
    assert evil in page.text
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_what_an_earlier_report_wrote_is_removed_and_nothing_else(tmp_path: Path, roc_alone: None) -> None:
    report.write(tmp_path, *simulate(feature_sets=["HRF"], classifiers=["lda"], places=(("holdout", "test"),)))
    for mine in ("tables/mine.csv", "figures/mine.png", "tables/performance.docx", "notes.txt"):
        (tmp_path / mine).write_text("keep")
    report.write(tmp_path, *simulate(feature_sets=["HRF"], classifiers=["lda"]))
    files = written(tmp_path)
    assert not any("holdout" in name for name in files)
    assert {"tables/mine.csv", "figures/mine.png", "tables/performance.docx", "notes.txt"} <= files


def test_provenance_that_is_no_json_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "provenance.json").write_text("{")
    assert "There is no provenance.json" in Page(report.write(tmp_path, {}, {})).text


def test_each_figure_is_drawn_once_per_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def counted(name: str, drawing: Drawing) -> Drawing:
        def draw(results: Any, run: Any) -> Any:
            drawn.append(name)
            return drawing.draw(results, run)

        return Drawing(draw, drawing.caption)

    for menu in ("OF_DESIGN", "OF_DESIGN_AND_ROLE"):
        entries = getattr(figures, menu).items()
        monkeypatch.setattr(figures, menu, {name: counted(name, drawing) for name, drawing in entries})
    report.write(tmp_path, *simulate(feature_sets=["HRF"], classifiers=["lda"]))
    assert sorted(drawn) == sorted([*figures.OF_DESIGN, *figures.OF_DESIGN_AND_ROLE])


def test_heavy_libraries_are_imported_late_and_pyplot_never() -> None:
    code = (
        "import sys, runpy, benchmark.report as report\n"
        "assert not {'matplotlib', 'jinja2', 'PIL'} & set(sys.modules)\n"
        "simulate = runpy.run_path(sys.argv[1])['simulate']\n"
        "results, run = simulate(feature_sets=['HRF'], classifiers=['lda'])\n"
        "report.figures.OF_DESIGN_AND_ROLE['roc'].draw(report.complete(results), run)\n"
        "assert 'matplotlib.figure' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    simulated = Path(__file__).with_name("simulated_results.py")
    done = subprocess.run([sys.executable, "-c", code, simulated], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
