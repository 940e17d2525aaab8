"""From the tidy results to what a paper needs: tables and figures as files, and one page that holds them.

Nothing is fitted or estimated here, so it can be redone at any time. ``tables/`` and ``figures/`` of the folder
belong to the report: what an earlier report wrote there and this one does not is removed.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmark import figures, tables
from benchmark.exporters import EXPORTERS
from benchmark.figures.style import DOTS_PER_INCH, styled
from benchmark.tables.glossary import glossary
from benchmark.tables.methods import methods, remarks
from benchmark.tables.rounding import count
from benchmark.tables.scopes import Scope, complete, of_design, of_design_and_role
from benchmark.tables.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEMPLATES = Path(__file__).parent / "templates"
PICTURES = (".png", ".pdf")
PAGE_SHARE = 2
"""Pictures inside the page have this many times fewer dots than the files."""


@dataclass(frozen=True)
class Section:
    """A section of the page and what it shows, in order: ``tables/<name>`` and ``figures/<name>`` of the menus."""

    title: str
    lead: str
    shows: tuple[str, ...]


ASKED, DONE, GAPS, PROVENANCE = "asked", "done", "gaps", "provenance"

SECTIONS = {
    ASKED: Section("What was asked", "", ("tables/cohort", "tables/blocks", "tables/dropped", "tables/feature_sets")),
    DONE: Section("How it was done", "", ("tables/designs", "tables/preprocessings", "tables/effort")),
    "performance": Section(
        "Performance",
        "How well each model predicts cases that it was not fitted on.",
        ("figures/forest", "tables/performance", "figures/roc", "figures/heatmap", "tables/optimism"),
    ),
    "comparisons": Section(
        "Comparisons",
        "Which differences between models are larger than chance.",
        ("tables/added_value", "tables/comparison", "tables/best_set", "tables/further_tests", "tables/pairs"),
    ),
    "families": Section(
        "Families of features",
        "Whether feature sets differ, over all classifiers.",
        ("tables/families", "tables/families_posthoc"),
    ),
    "calibration": Section(
        "Calibration",
        "Whether a predicted probability of 30% comes true in 30 of 100 cases.",
        ("figures/calibration", "tables/calibration"),
    ),
    "use": Section(
        "Clinical use",
        "Whether acting on a model does more good than treating all or none.",
        ("figures/decision_curve",),
    ),
    "features": Section("Selected features", "What reached the classifiers.", ("figures/selection", "tables/features")),
    GAPS: Section("Failures and skipped recipes", "", ("tables/failures", "tables/skipped")),
    PROVENANCE: Section("Provenance", "", ()),
}
"""The page from top to bottom, by anchor."""


@dataclass(frozen=True)
class Shown:
    """A table or figure that was written: ``name`` as in ``Section.shows``, ``place``: design and role in words,
    ``stem``: its files without their endings. A figure has ``caption``, ``picture`` (a data URL) and ``width`` in
    pixels of the page; a table has itself."""

    name: str
    place: str
    stem: str
    endings: tuple[str, ...]
    table: Table | None = None
    caption: str = ""
    picture: str = ""
    width: int = 0


def write(folder: Path, results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Path:
    """Write all tables, figures and ``report.html`` into ``folder``, and return the page's path.

    ``results``: the frames of ``estimates.py``, and failures, timings and trials of ``predictions.py``; any may be
    empty or missing. ``run``: the content of ``run.json``.
    """
    found = complete(results)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    (folder / "figures").mkdir(exist_ok=True)
    shown = list(_write_all(folder, found, run))
    _remove_others(folder, {f"{one.stem}{ending}" for one in shown for ending in one.endings})
    page = folder / "report.html"
    draft = page.with_name(".report.html.tmp")
    draft.write_text(_page(folder, shown, found, run), encoding="utf-8", newline="\n")
    draft.replace(page)
    return page


def _write_all(folder: Path, found: dict[str, pd.DataFrame], run: Mapping[str, Any]) -> Iterator[Shown]:
    yield from _write_tables(folder, tables.OF_EXPERIMENT, Scope("", "", found), run)
    for scope in of_design(found, run):
        yield from _write_tables(folder, tables.OF_DESIGN, scope, run)
        yield from _write_figures(folder, figures.OF_DESIGN, scope, run)
    for scope in of_design_and_role(found, run):
        yield from _write_tables(folder, tables.OF_DESIGN_AND_ROLE, scope, run)
        yield from _write_figures(folder, figures.OF_DESIGN_AND_ROLE, scope, run)


def _write_tables(
    folder: Path, menu: Mapping[str, tables.MakeTable], scope: Scope, run: Mapping[str, Any]
) -> Iterator[Shown]:
    for name, make in menu.items():
        table = make(scope.results, run)
        if table is not None:
            stem = f"tables/{name}{scope.suffix}"
            table = replace(table, name=name + scope.suffix)
            for ending, export in EXPORTERS.items():
                (folder / f"{stem}{ending}").write_text(export(table), encoding="utf-8", newline="\n")
            yield Shown(f"tables/{name}", scope.title, stem, tuple(EXPORTERS), table)


def _write_figures(
    folder: Path, menu: Mapping[str, figures.Drawing], scope: Scope, run: Mapping[str, Any]
) -> Iterator[Shown]:
    for name, drawing in menu.items():
        figure = drawing.draw(scope.results, run)
        if figure is not None:
            stem = f"figures/{name}{scope.suffix}"
            picture = _save(figure, folder / stem)
            width = round(figure.get_figwidth() * DOTS_PER_INCH / PAGE_SHARE)
            yield Shown(f"figures/{name}", scope.title, stem, PICTURES, None, drawing.caption, picture, width)


@styled
def _save(figure: Figure, stem: Path) -> str:
    """Write the figure as PNG and PDF, laid out once and drawn once for each; a smaller PNG as a data URL."""
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from PIL import Image

    canvas: Any = figure.canvas
    figure.set_dpi(DOTS_PER_INCH)
    canvas.draw()
    figure.set_layout_engine("none")
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    image.save(stem.with_name(f"{stem.name}.png"), dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    FigureCanvasPdf(figure).print_pdf(stem.with_name(f"{stem.name}.pdf"), metadata={"CreationDate": None})
    small = io.BytesIO()
    image.reduce(PAGE_SHARE).save(small, "PNG")
    return f"data:image/png;base64,{base64.b64encode(small.getvalue()).decode()}"


def _remove_others(folder: Path, kept: set[str]) -> None:
    """Remove what an earlier report wrote and this one did not: files named after an entry of the menus, no others."""
    names = {
        "tables": (*tables.OF_EXPERIMENT, *tables.OF_DESIGN, *tables.OF_DESIGN_AND_ROLE),
        "figures": (*figures.OF_DESIGN, *figures.OF_DESIGN_AND_ROLE),
    }
    for part, known in names.items():
        for path in (folder / part).iterdir():
            ours = path.suffix in (*EXPORTERS, *PICTURES) and path.name.startswith(tuple(known))
            if ours and f"{part}/{path.name}" not in kept:
                path.unlink()


def _page(folder: Path, shown: Iterable[Shown], found: dict[str, pd.DataFrame], run: Mapping[str, Any]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    shown = list(shown)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        title=run.get("title") or run.get("experiment") or "radbench",
        experiment=run.get("experiment") or "",
        facts=_facts(run),
        sections={anchor: (section, _groups(section, shown)) for anchor, section in SECTIONS.items()},
        methods=methods(run),
        remarks=remarks(run),
        glossary=glossary(found),
        provenance=_provenance(folder),
    )


def _groups(section: Section, shown: list[Shown]) -> dict[str, list[Shown]]:
    """What a section shows, by design and role, each in the section's order."""
    groups: dict[str, list[Shown]] = {}
    for one in sorted(
        (one for one in shown if one.name in section.shows), key=lambda one: section.shows.index(one.name)
    ):
        groups.setdefault(one.place, []).append(one)
    places = list(dict.fromkeys(one.place for one in shown))
    return dict(sorted(groups.items(), key=lambda group: places.index(group[0])))


def _facts(run: Mapping[str, Any]) -> dict[str, str]:
    """The numbers at the top of the page."""
    cohort, tried = run.get("cohort") or {}, run.get("tried") or {}
    facts = {
        "cases": cohort.get("n_cases"),
        "patients": cohort.get("n_patients"),
        "with the event": cohort.get("n_events"),
        "feature sets": len(run.get("feature_sets") or ()) or None,
        "recipes tried": tried.get("recipes"),
        "models fitted": tried.get("models"),
    }
    return {words: count(number) for words, number in facts.items() if number is not None}


def _provenance(folder: Path) -> dict[str, Any]:
    """What ``provenance.json`` says; empty if there is none or it is not JSON."""
    try:
        found = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
