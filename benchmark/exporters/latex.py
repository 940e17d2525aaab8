"""A table as LaTeX: booktabs rules, everything escaped, notes below.

Needs the packages booktabs and array, and longtable for a table that is longer than a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from benchmark.tables.table import Table

LONGEST = 40
"""Rows beyond which a table goes over pages."""

WIDEST_WORDS = 36
"""Characters beyond which a column of words is broken into lines."""

_CHARACTERS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_\allowbreak{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "|": r"\textbar{}",
    "<": r"$<$", ">": r"$>$", '"': "''", "`": r"\textasciigrave{}",
    "\N{MINUS SIGN}": r"$-$", "\N{EN DASH}": "--", "\N{EM DASH}": "---", "\N{NO-BREAK SPACE}": "~",
    "±": r"$\pm$", "×": r"$\times$", "·": r"$\cdot$", "∞": r"$\infty$", "≤": r"$\leq$", "≥": r"$\geq$",
    "≈": r"$\approx$", "→": r"$\rightarrow$", "√": r"$\surd$", "²": r"$^2$", "³": r"$^3$", "°": r"$^\circ$",
    "…": r"\ldots{}", "‘": "`", "’": "'", "“": "``", "”": "''", "µ": r"$\mu$",
    "α": r"$\alpha$", "β": r"$\beta$", "γ": r"$\gamma$", "δ": r"$\delta$", "ε": r"$\epsilon$", "η": r"$\eta$",
    "θ": r"$\theta$", "κ": r"$\kappa$", "λ": r"$\lambda$", "μ": r"$\mu$", "ρ": r"$\rho$", "σ": r"$\sigma$",
    "τ": r"$\tau$", "φ": r"$\phi$", "χ": r"$\chi$", "ω": r"$\omega$",
    "Δ": r"$\Delta$", "Σ": r"$\Sigma$", "Ω": r"$\Omega$",
}  # fmt: skip
_LIGATURE = "-(?=-)"
_SPECIAL = re.compile("|".join([_LIGATURE, *map(re.escape, _CHARACTERS)]))


def to_latex(table: Table) -> str:
    """A float of the table; a ``longtable`` if it does not fit on a page."""
    long = len(table.rows) > LONGEST
    return _HEAD.format(packages="booktabs,array,longtable" if long else "booktabs,array") + (
        _long(table) if long else _float(table)
    )


def escape(text: str) -> str:
    """Text that LaTeX prints as it is: hyphens in a row stay hyphens, a minus sign is set as mathematics."""
    return _SPECIAL.sub(lambda found: _CHARACTERS.get(found[0], "-{}"), " ".join(text.split()))


_HEAD = "% \\usepackage{{{packages}}}\n"


def _float(table: Table) -> str:
    wide = "*" if _characters(table) > 60 else ""
    lines = [
        rf"\begin{{table{wide}}}[htbp]",
        rf"\centering{_size(table)}",
        *_caption(table),
        rf"\begin{{tabular}}{{{_columns(table)}}}",
        r"\toprule",
        _header(table),
        r"\midrule",
        *_body(table),
        r"\bottomrule",
        r"\end{tabular}",
        *_notes(table),
        rf"\end{{table{wide}}}",
    ]
    return "\n".join(lines) + "\n"


def _long(table: Table) -> str:
    lines = [
        rf"\begingroup{_size(table)}\setlength{{\LTcapwidth}}{{\linewidth}}",
        rf"\begin{{longtable}}{{{_columns(table)}}}",
        "\n".join(_caption(table)) + r" \\",
        r"\toprule",
        _header(table),
        r"\midrule",
        r"\endfirsthead",
        r"\toprule",
        _header(table),
        r"\midrule",
        r"\endhead",
        r"\bottomrule",
        r"\endfoot",
        *_body(table),
        r"\end{longtable}",
        *_notes(table),
        r"\endgroup",
    ]
    return "\n".join(lines) + "\n"


def _caption(table: Table) -> list[str]:
    return [rf"\caption{{{escape(table.caption)}}}", rf"\label{{tab:{re.sub(r'[^A-Za-z0-9]+', '-', table.name)}}}"]


def _header(table: Table) -> str:
    return _row(table.header[_grouped(table) :])


def _body(table: Table) -> Iterable[str]:
    grouped = _grouped(table)
    for i, cells in enumerate(table.rows):
        if grouped and i in (0, *table.group_starts):
            yield from [r"\addlinespace"] if i else []
            heading = escape(f"{table.header[0]}: {cells[0]}")
            yield rf"\multicolumn{{{len(cells) - 1}}}{{@{{}}l}}{{\textit{{{heading}}}}} \\*"
        strong = [i in table.strong and not numeric for numeric in table.numeric]
        yield _row(cells[grouped:], strong=strong[grouped:])


def _grouped(table: Table) -> bool:
    """Whether the first column becomes headings between the rows, which saves its width."""
    return bool(table.group_starts) and not table.numeric[0] and len(table.header) > 2


def _row(cells: Sequence[str], *, strong: Sequence[bool] = ()) -> str:
    """A row; the words of one that stands out are bold, its numbers are not, which would make the columns wider."""
    bold = strong or [False] * len(cells)
    texts = (rf"\textbf{{{escape(cell)}}}" if one else escape(cell) for cell, one in zip(cells, bold, strict=True))
    return " & ".join(texts) + r" \\"


def _notes(table: Table) -> list[str]:
    if not table.notes:
        return []
    return [
        r"\par\smallskip",
        r"\noindent\begin{minipage}{\linewidth}\footnotesize\raggedright",
        *(rf"\noindent {escape(note)}\par" for note in table.notes),
        r"\end{minipage}",
    ]


def _columns(table: Table) -> str:
    """Numbers to the right, words to the left; long words broken into lines."""
    kinds = []
    for numeric, width in zip(table.numeric[_grouped(table) :], _widths(table), strict=True):
        words = f">{{\\raggedright\\arraybackslash}}p{{{min(0.45, width / 130):.2f}\\linewidth}}"
        kinds.append("r" if numeric else words if width > WIDEST_WORDS else "l")
    return f"@{{}}{''.join(kinds)}@{{}}"


def _widths(table: Table) -> list[int]:
    """The longest cell of each column that is printed."""
    widths = [max(map(len, cells)) for cells in zip(table.header, *table.rows, strict=True)]
    return widths[_grouped(table) :]


def _characters(table: Table) -> int:
    """About how many characters the widest row takes."""
    return sum(min(width, WIDEST_WORDS) + 2 for width in _widths(table))


def _size(table: Table) -> str:
    """Smaller type for a wider table."""
    characters = _characters(table)
    if characters <= 75:
        return r"\small"
    return r"\footnotesize" if characters <= 95 else r"\scriptsize\setlength{\tabcolsep}{3pt}"
