"""Pictures of cases and maps of associations: what is drawn, in which order, and when nothing is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark import figures
from benchmark.figures import associations, projections
from benchmark.predictions import PROJECTIONS
from benchmark.statistics.associations import associations as associate
from benchmark.statistics.block_values import BlockValues, Categories
from benchmark.tables.scopes import complete

RUN: dict[str, Any] = {"classes": ["0", "1"], "feature_sets": {"HRF": {}, "DRF": {}, "both": {}}}
RNG = np.random.default_rng(0)


def pictures(centres: int) -> pd.DataFrame:
    rows = [
        ("pca", name, f"c{case}", *RNG.normal(size=2), 0.3, 0.2) for name in RUN["feature_sets"] for case in range(30)
    ]
    centre = [f"centre {row % centres}" for row in range(90)] if centres else None
    return pd.DataFrame(rows, columns=PROJECTIONS).assign(y_true=np.tile(["0", "1"], 45), centre=centre)


@pytest.mark.parametrize(("centres", "rows"), [(0, 1), (1, 1), (4, 2), (22, 1)])
def test_by_outcome_and_by_batch_where_there_are_some(centres: int, rows: int) -> None:
    figure = projections.draw(complete({"projections": pictures(centres)}), RUN, projection="pca")
    assert figure is not None
    panels = [axes for part in figure.subfigs for axes in part.axes]
    assert [panel.get_title(loc="left") for panel in panels] == ["HRF", "DRF", "both"] * rows
    assert all(sum(len(dots.get_offsets()) for dots in panel.collections) == 30 for panel in panels)
    assert panels[0].get_xlabel() == "PC1 (30%)"
    assert projections.draw(complete({"projections": pictures(2)}), RUN, projection="tsne") is None


def block(name: str, k: int) -> BlockValues:
    names = tuple(f"{name}{number}" for number in range(k))
    return BlockValues(name, names, names, RNG.normal(size=(50, k)))


def test_a_map_of_the_strongest_with_dots() -> None:
    first, second = block("a", 45), block("b", 3)
    first.numbers[:, 7] = second.numbers[:, 1]
    found = associate([first], [second], method="spearman").assign(question="a with b")
    figure = associations.draw(complete({"associations": found}), RUN)
    assert figure is not None
    panel = figure.axes[0]
    values = panel.images[0].get_array()
    names = [label.get_text() for label in panel.get_yticklabels()]
    assert values.shape == (40, 3)
    assert "a7" in names
    assert values.max() == pytest.approx(1)
    dots = {tuple(map(int, dot)) for dot in panel.collections[0].get_offsets()}
    columns = [label.get_text() for label in panel.get_xticklabels()]
    assert (columns.index("b1"), names.index("a7")) in dots
    assert len(dots) == (found["p_adjusted"] < 0.05).sum()
    assert figure.axes[1].get_ylabel() == "Spearman's rho"


def test_groups_are_shown_by_p_and_one_feature_is_no_map() -> None:
    sexes = {name: Categories(np.arange(50) // size % 2, ("f", "m")) for name, size in (("one", 1), ("two", 5))}
    found = associate([block("a", 4)], [BlockValues("b", tuple(sexes), categories=sexes)], method="by_kind")
    figure = associations.draw(complete({"associations": found.assign(question="x")}), RUN)
    assert figure is not None
    assert figure.axes[1].get_ylabel() == "−log10 p"
    single = associate([block("a", 4)], [block("b", 1)], method="pearson").assign(question="x")
    assert associations.draw(complete({"associations": single}), RUN) is None


@pytest.mark.parametrize("name", [*figures.OF_EXPERIMENT, *figures.OF_ASSOCIATION])
def test_nothing_to_draw_is_no_figure(name: str) -> None:
    menu = {**figures.OF_EXPERIMENT, **figures.OF_ASSOCIATION}
    assert menu[name].draw(complete({}), {}) is None
