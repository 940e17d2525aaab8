"""LaTeX that compiles, whatever is in the cells."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from benchmark import tables
from benchmark.exporters.latex import escape, to_latex
from benchmark.tables.scopes import complete
from benchmark.tables.table import Table
from tests.simulated_results import simulate

NASTY = r"a_b & 50% of {x} $y$ #1 ~ ^ \cmd <0.001 | `q` \"e\" −0.1 0.5–0.8 -- é ü η² χ² ≥ µ … “q” ‘s’ → ×"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("original_shape & 5%", r"original\_\allowbreak{}shape \& 5\%"),
        ("$x$ #1 {y} ~ ^", r"\$x\$ \#1 \{y\} \textasciitilde{} \textasciicircum{}"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("<0.001 > |", r"$<$0.001 $>$ \textbar{}"),
        ("−0.01 (−0.02 to +0.03)", r"$-$0.01 ($-$0.02 to +0.03)"),
        ("0.742 (0.681–0.803)", "0.742 (0.681--0.803)"),
        ("a--b---c", "a-{}-b-{}-{}-c"),
        ("line\nbreak  two", "line break two"),
        ("partial η²", r"partial $\eta$$^2$"),
        ("é", "é"),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def table(n_rows: int, **parts: object) -> Table:
    rows = tuple((f"g{i // 3}", f"m{i}", f"−0.{i:03d}") for i in range(n_rows))
    return Table("a_b c", "Caption 5%", ("Group", "Model", "AUC"), rows, **parts)  # type: ignore[arg-type]


def test_a_short_table_is_a_float_and_a_long_one_goes_over_pages() -> None:
    short, long = to_latex(table(6, notes=("A note.",))), to_latex(table(41))
    assert r"\begin{table}[htbp]" in short
    assert r"\noindent A note.\par" in short
    assert r"\label{tab:a-b-c}" in short
    assert r"\begin{longtable}" in long
    assert "minipage" not in long
    assert long.splitlines()[0] == r"% \usepackage{booktabs,array,longtable}"


def test_the_first_column_becomes_headings_where_it_groups_the_rows() -> None:
    lines = to_latex(table(6)).splitlines()
    assert r"Model & AUC \\" in lines
    assert lines.count(r"\addlinespace") == 1
    assert [line for line in lines if "Group: " in line] == [
        rf"\multicolumn{{2}}{{@{{}}l}}{{\textit{{Group: g{i}}}}} \\*" for i in (0, 1)
    ]


def test_of_a_row_that_stands_out_the_words_are_bold() -> None:
    assert r"\textbf{m1} & $-$0.001 \\" in to_latex(table(6, strong=frozenset({1})))


def test_a_column_of_long_words_is_broken_into_lines() -> None:
    text = to_latex(Table("t", "c", ("Reason", "n"), (("word " * 20, "1"),)))
    assert r"\begin{tabular}{@{}>{\raggedright\arraybackslash}p{0.45\linewidth}r@{}}" in text


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
def test_every_table_compiles(tmp_path: Path) -> None:
    results, run = simulate(feature_sets=["HRF", "HRF + DRF"], preprocessings=("raw", NASTY), classifiers=["lda"])
    run["feature_sets"][NASTY] = {"blocks": [NASTY], "families": []}
    found = complete(results)
    made = [make(found, run) for menu in (tables.OF_EXPERIMENT, tables.OF_DESIGN, tables.OF_DESIGN_AND_ROLE)
            for make in menu.values()]  # fmt: skip
    made += [table(50, notes=(NASTY,)), Table("nasty", NASTY, (NASTY, "n"), ((NASTY, "1"),), (NASTY,))]
    body = "\n\\clearpage\n".join(to_latex(one) for one in made if one)
    (tmp_path / "t.tex").write_text(
        "\\documentclass{article}\n\\usepackage{booktabs,array,longtable}\n\\begin{document}\n"
        f"{body}\n\\end{{document}}\n",
        encoding="utf-8",
    )
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout[-2000:]
