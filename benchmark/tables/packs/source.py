"""What a pack reproduces, what is known to be other, and from what our numbers were made."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count
from benchmark.tables.table import Table, listing
from benchmark.tables.words import design_words

WORDS = {
    "title": "Title",
    "authors": "Authors",
    "year": "Year",
    "published_in": "Published in",
    "doi": "DOI",
    "data": "Tables from",
    "licence": "Licence of the tables",
}


def source(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """The publication."""
    rows = [(words, str(run["source"][key])) for key, words in WORDS.items() if run["source"].get(key)]
    return listing("source", "What is reproduced.", ("What", "Published"), rows)


def differs(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """What is known to be other than in the publication."""
    rows = [(str(place), text) for place, text in enumerate(run["differs"], 1)]
    return listing("differs", "Known to be other than in the publication.", ("No.", "What and why"), rows)


def made(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per file of predictions and per experiment."""
    rows = [
        (
            name,
            told["kind"],
            told["file"],
            count(told["cohort"].get("n_cases")),
            "; ".join(dict.fromkeys(design_words(told, design) for design in told["designs"])),
        )
        for name, told in run["made"].items()
    ]
    return listing("made", "What our numbers come from.", ("Name", "Kind", "File", "Cases", "Design"), rows)
