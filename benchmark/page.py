"""A page and its files: every table and figure in all formats, and one self-contained HTML page that holds them.

What stands in which section, and what is said around it, is told by whoever writes a page (``report``,
``comparison_report``). ``tables/`` and ``figures/`` of the folder belong to the page: what an earlier page wrote there
and this one does not is removed.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmark.exporters import EXPORTERS
from benchmark.figures import Drawing
from benchmark.figures.style import DOTS_PER_INCH, styled
from benchmark.tables import MakeTable
from benchmark.tables.scopes import Scope
from benchmark.tables.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEMPLATES = Path(__file__).parent / "templates"
PICTURES = (".png", ".pdf")
PAGE_SHARE = 2
"""Pictures inside the page have this many times fewer dots than the files."""

PLACING = ("GPOS", "GSUB", "GDEF", "kern", "MATH")
"""Tables of a font that place and join its letters."""
COLOURS = 256
"""And so many colours, which makes a page a third as large."""


@dataclass(frozen=True)
class Section:
    """A section of the page and what it shows, in order: ``tables/<name>`` and ``figures/<name>`` of the menus."""

    title: str
    lead: str
    shows: tuple[str, ...]


DONE, GAPS, PROVENANCE = "done", "gaps", "provenance"
ALWAYS = (DONE, GAPS, PROVENANCE)
"""Anchors of the sections that say more than what they show: methods, that nothing failed, where it came from. Any
other section is on the page only if it has something to show or to say."""


@dataclass(frozen=True)
class Shown:
    """A table or figure that was written: ``name`` as in ``Section.shows``, ``place``: its scope in words,
    ``stem``: its files without their endings. A figure has ``caption``, ``picture`` (a data URL), ``width`` in
    pixels of the page, and may stand ``beside`` others; a table has itself."""

    name: str
    place: str
    stem: str
    endings: tuple[str, ...]
    table: Table | None = None
    caption: str = ""
    picture: str = ""
    width: int = 0
    beside: bool = False


def write_tables(folder: Path, menu: Mapping[str, MakeTable], scope: Scope, run: Mapping[str, Any]) -> Iterator[Shown]:
    """Write each table of the menu that has something to show, in every format."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, make in menu.items():
        table = make(scope.results, run)
        if table is not None:
            stem = f"tables/{name}{scope.suffix}"
            table = replace(table, name=name + scope.suffix)
            for ending, export in EXPORTERS.items():
                (folder / f"{stem}{ending}").write_text(export(table), encoding="utf-8", newline="\n")
            yield Shown(f"tables/{name}", scope.title, stem, tuple(EXPORTERS), table)


def write_figures(folder: Path, menu: Mapping[str, Drawing], scope: Scope, run: Mapping[str, Any]) -> Iterator[Shown]:
    """Write each figure of the menu that has something to draw, in every format."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    for name, drawing in menu.items():
        figure = drawing.draw(scope.results, run)
        if figure is not None:
            stem = f"figures/{name}{scope.suffix}"
            picture = _save(figure, folder / stem)
            width = round(figure.get_figwidth() * DOTS_PER_INCH / PAGE_SHARE)
            yield Shown(
                f"figures/{name}", scope.title, stem, PICTURES, None, drawing.caption, picture, width, drawing.beside
            )


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
    with _letters_alone():
        FigureCanvasPdf(figure).print_pdf(stem.with_name(f"{stem.name}.pdf"), metadata={"CreationDate": None})
    small = io.BytesIO()
    image.reduce(PAGE_SHARE).quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG")
    return f"data:image/png;base64,{base64.b64encode(small.getvalue()).decode()}"


@contextmanager
def _letters_alone() -> Iterator[None]:
    """Fonts go into a PDF without the tables that place letters: a PDF says where each of its letters stands, and to
    make these tables smaller takes longer than to draw the figure."""
    from fontTools import subset  # type: ignore[import-untyped]

    whole = subset.load_font

    def stripped(*args: Any, **kwargs: Any) -> Any:
        font = whole(*args, **kwargs)
        for table in set(PLACING) & set(font.keys()):
            del font[table]
        return font

    subset.load_font = stripped  # what matplotlib calls
    try:
        yield
    finally:
        subset.load_font = whole


def remove_others(folder: Path, shown: Iterable[Shown], known: Iterable[str]) -> None:
    """Remove what an earlier page wrote and this one did not: files named after an entry of the menus (``known``), no
    others."""
    kept = {f"{one.stem}{ending}" for one in shown for ending in one.endings}
    names = tuple(known)
    for part in ("tables", "figures"):
        for path in (folder / part).iterdir() if (folder / part).is_dir() else ():
            ours = path.suffix in (*EXPORTERS, *PICTURES) and path.name.startswith(names)
            if ours and f"{part}/{path.name}" not in kept:
                path.unlink()


def write_page(folder: Path, sections: Mapping[str, Section], shown: Iterable[Shown], **told: Any) -> Path:
    """Write ``report.html`` and return its path. ``told``: the other variables of the template (title, experiment,
    facts, methods, remarks, glossary)."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    shown = list(shown)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("report.html").render(
        sections={
            anchor: (section, groups)
            for anchor, section in sections.items()
            if (groups := _groups(section, shown)) or anchor in ALWAYS or (told.get("said") or {}).get(anchor)
        },
        provenance=_provenance(folder),
        **told,
    )
    page = folder / "report.html"
    draft = page.with_name(".report.html.tmp")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(page)
    return page


def _groups(section: Section, shown: list[Shown]) -> dict[str, list[Shown]]:
    """What a section shows, by scope, each in the section's order."""
    groups: dict[str, list[Shown]] = {}
    for one in sorted(
        (one for one in shown if one.name in section.shows), key=lambda one: section.shows.index(one.name)
    ):
        groups.setdefault(one.place, []).append(one)
    places = list(dict.fromkeys(one.place for one in shown))
    return dict(sorted(groups.items(), key=lambda group: places.index(group[0])))


def _provenance(folder: Path) -> dict[str, Any]:
    """What ``provenance.json`` says; empty if there is none or it is not JSON."""
    try:
        found = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
