"""Markdown that shows what is in the cells, and CSV that keeps it."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmark.exporters import EXPORTERS
from benchmark.exporters.csv import to_csv
from benchmark.exporters.markdown import escape, to_markdown
from benchmark.tables.table import Table


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("HRF | standard", r"HRF \| standard"),
        ("original_shape_Sphericity", "original_shape_Sphericity"),
        ("_x_ and x_", r"\_x\_ and x\_"),
        ("a*b* `c` [d]", r"a\*b\* \`c\` \[d\]"),
        ("<0.001 <b> </b>", r"<0.001 \<b> \</b>"),
        ("R&D &amp;", r"R&D \&amp;"),
        ("two\nlines", "two lines"),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_the_whole_table() -> None:
    rows = (("HRF", "0.7", ""), ("D|RF", "–", "x"))
    table = Table("t", "Caption.", ("Set", "AUC", "Why"), rows, ("One.", "Two."), frozenset({1}))
    assert to_markdown(table) == (
        "**Caption.**\n\n| Set | AUC | Why |\n| --- | ---: | --- |\n| HRF | 0.7 |  |\n"
        "| **D\\|RF** | **–** | **x** |\n\n- One.\n- Two.\n"
    )


def test_csv_is_the_data_and_not_the_text() -> None:
    data = pd.DataFrame({"auc": [0.1 + 0.2, None], "name": ["a,b", 'c"d']})
    table = Table("t", "", ("AUC",), (("0.300",),), data=data)
    assert to_csv(table) == 'auc,name\n0.30000000000000004,"a,b"\n,"c""d"\n'


@pytest.mark.parametrize("ending", EXPORTERS)
def test_every_exporter_takes_a_table_without_rows(ending: str) -> None:
    assert EXPORTERS[ending](Table("t", "Caption.", ("a",), (), data=pd.DataFrame(columns=["a"]))).strip()
