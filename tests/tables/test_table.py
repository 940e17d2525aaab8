"""The table as a value."""

from __future__ import annotations

import pytest

from benchmark.tables.table import Table, listing


def test_ragged_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="table t: a row of 1 cells below 2 headings"):
        Table("t", "", ("a", "b"), (("1", "2"), ("1",)))


@pytest.mark.parametrize(
    ("cells", "numeric"),
    [
        (("63.4 ± 9.8", "61.0 [54.0–70.5]", "−0.1 [−0.2 to 0.3]", "43 (14.7%)"), True),
        (("0.742 (0.681–0.803)", "–"), True),
        (("−0.01 (−0.02 to +0.03)", "+0.5"), True),
        (("<0.001", "1.000"), True),
        (("6, 144", "6, 71.3"), True),
        (("1,770", "25/25", "12 min", "1.2e7", "∞"), True),
        (("0.41 (partial eta squared)", ""), True),
        (("5-fold cross-validation", "1"), False),
        (("HRF", "0.7"), False),
        (("3D", "2D"), False),
        (("–", ""), True),
        (("HRF", "–"), False),
        (("", ""), False),
        ((), False),
    ],
)
def test_columns_of_numbers_are_found(cells: tuple[str, ...], numeric: bool) -> None:
    assert Table("t", "", ("a",), tuple((cell,) for cell in cells)).numeric == (numeric,)


def test_group_starts() -> None:
    def starts(*first: str) -> tuple[int, ...]:
        return Table("t", "", ("a",), tuple((cell,) for cell in first)).group_starts

    assert starts("a", "a", "b", "b", "c") == (2, 4)
    assert starts("a", "b", "c") == ()
    assert starts("a", "a") == ()
    assert starts() == ()


def test_listing_without_rows_is_no_table() -> None:
    assert listing("t", "", ("A b",), []) is None
    table = listing("t", "", ("A b",), [("x",)])
    assert table is not None
    assert table.data.to_dict("list") == {"a_b": ["x"]}
