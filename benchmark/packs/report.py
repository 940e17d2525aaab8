"""The page of a pack: the verdict, the numbers, what differs; and ``verdict.json``.

Nothing is estimated here: the frames are those of ``judged``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.figures import Drawing
from benchmark.figures.packs import numbers as numbers_figure
from benchmark.packs.judged import OWN_MODELS, SAME_PREDICTIONS, Judged
from benchmark.packs.pack import Pack
from benchmark.page import (
    DONE,
    PROVENANCE,
    Section,
    Shown,
    remove_others,
    write_figures,
    write_page,
    write_tables,
)
from benchmark.tables import MakeTable
from benchmark.tables.packs import numbers, source
from benchmark.tables.rounding import count
from benchmark.tables.scopes import Scope
from benchmark.tables.words import sentence
from benchmark.verdicts import VERDICTS

TABLES: dict[str, MakeTable] = {
    "numbers": numbers.numbers,
    "source": source.source,
    "differs": source.differs,
    "made": source.made,
}
FIGURES = {"reproduction": Drawing(numbers_figure.draw, numbers_figure.CAPTION)}

SECTIONS = {
    "numbers": Section("Number by number", "", ("figures/reproduction", "tables/numbers")),
    "source": Section("What is reproduced", "", ("tables/source", "tables/differs")),
    DONE: Section("How it was judged", "", ("tables/made",)),
    PROVENANCE: Section("Provenance", "", ()),
}
"""The page from top to bottom, by anchor."""

METHODS = {
    SAME_PREDICTIONS: "Numbers that follow from published predictions were computed again from these; they are "
    "reproduced if the difference is within the tolerance.",
    OWN_MODELS: "Numbers of own models: fitted here on the same tables, without leakage, in the declared experiment; "
    "they are reproduced if the published number lies in our interval, and an interval that is too wide says nothing.",
}

GLOSSARY = {
    "Reproduced": "Within the tolerance that the pack declared before, or covered by our interval. It does not say "
    "that the publication is right, only that the same tables lead to the same number.",
    "Not reproduced, as expected": "The published number holds something that an honest analysis does not have, and "
    "ours ends on the expected side of it.",
    "Cannot be known": "Nothing to compare with, or an interval too wide to tell.",
}


def write(folder: Path, pack: Pack, found: Judged, made: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write ``verdict.json``, all tables and figures and ``report.html`` into ``folder``, and return the page's path.
    ``made``: what ``run.json`` says of the pack's predictions and experiments, with their ``kind`` and ``file``."""
    told = pack.told
    run = {"source": told.source.model_dump(), "differs": told.differs, "made": made}
    shown = list(_write_all(folder, found, run))
    remove_others(folder, shown, [*TABLES, *FIGURES])
    kinds = dict.fromkeys(kind for kind in found.numbers["kind"] if kind)
    return write_page(
        folder,
        SECTIONS | {"numbers": replace(SECTIONS["numbers"], lead=sentence(found.verdict.why))},
        shown,
        title=f"{told.title}: {found.verdict.verdict}",
        experiment="",
        facts=_facts(found),
        methods=[METHODS[kind] for kind in kinds],
        remarks=[],
        glossary=GLOSSARY,
    )


def _write_all(folder: Path, found: Judged, run: Mapping[str, Any]) -> list[Shown]:
    whole = Scope("", "", {"numbers": found.numbers})
    return [*write_tables(folder, TABLES, whole, run), *write_figures(folder, FIGURES, whole, run)]


def _facts(found: Judged) -> dict[str, str]:
    counts = found.numbers["verdict"].value_counts()
    return {"numbers": count(len(found.numbers)), **{name: count(counts[name]) for name in VERDICTS if name in counts}}


def as_json(pack: Pack, found: Judged) -> dict[str, Any]:
    """The verdict for programs: of the pack and of each number, at full precision, null where there is none."""
    rows = found.numbers.astype(object).where(found.numbers.notna() & (found.numbers != np.inf), None)
    return {
        "pack": pack.name,
        "title": pack.told.title,
        "verdict": found.verdict.verdict,
        "why": found.verdict.why,
        "numbers": rows.to_dict("records"),
    }
