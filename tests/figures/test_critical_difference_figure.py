"""The critical-difference diagram: what is drawn, and that nothing is cut off or hidden."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
import pytest

from benchmark.figures import critical_difference, style
from benchmark.statistics.critical_difference import rank_table

NAMES = ["HRF", "DRF", "clinical", "HRF + DRF", "HRF + clinical", "DRF + clinical", "HRF + DRF + clinical"]


def ranks_of(names: list[str], *, n: int = 20, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return rank_table(pd.DataFrame(rng.normal(size=(n, len(names))) + np.linspace(0, 2, len(names)), columns=names))


def thick(figure: matplotlib.figure.Figure) -> list[np.ndarray]:
    return [line.get_xdata() for line in figure.axes[0].lines if line.get_linewidth() == 2.4]


def test_nothing_to_draw_is_no_figure() -> None:
    assert critical_difference.draw({}, {}) is None
    assert critical_difference.draw({"ranks": ranks_of(NAMES[:2]).iloc[:1]}, {}) is None
    assert critical_difference.draw({"ranks": ranks_of(NAMES).assign(mean_rank=np.nan)}, {}) is None


def test_a_line_per_group_over_its_members() -> None:
    ranks = ranks_of(NAMES)
    figure = critical_difference.draw({"ranks": ranks.sample(frac=1, random_state=1)}, {})
    assert figure is not None
    axes = figure.axes[0]
    texts = {text.get_text(): text for text in axes.texts}
    assert set(NAMES) <= set(texts)
    one, seven = (texts[str(rank)].get_position()[0] for rank in (1, 7))
    members = [
        ranks[ranks["groups"].str.contains(letter)]["mean_rank"] for letter in sorted(set("".join(ranks["groups"])))
    ]
    expected = [(group.min(), group.max()) for group in members if len(group) > 1]
    assert len(expected) > 1
    found = [1 + 6 * (line + np.array([0.03, -0.03]) - one) / (seven - one) for line in thick(figure)]
    assert np.array(found) == pytest.approx(np.array(expected))
    length = next(line.get_xdata() for line in axes.lines if line.get_linewidth() == 1.2)
    assert np.ptp(length) / (seven - one) * 6 == pytest.approx(ranks["critical_difference"][0])


def test_better_names_stand_left() -> None:
    ranks = ranks_of(NAMES)
    figure = critical_difference.draw({"ranks": ranks}, {})
    assert figure is not None
    place = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    x = [place[name][0] for name in ranks["name"]]
    assert max(x[:4]) < min(x[4:])
    assert any("20 data sets" in text and "p <0.001" in text for text in place)


@pytest.mark.parametrize(
    "names",
    [NAMES, NAMES[:2], ["HRF", "handcrafted + deep + clinical + pathomics"], [f"family {i}" for i in range(13)]],
)
def test_nothing_is_cut_off_or_hidden(names: list[str]) -> None:
    before = dict(matplotlib.rcParams)
    figure = critical_difference.draw({"ranks": ranks_of(names, n=6)}, {})
    assert figure is not None and dict(matplotlib.rcParams) == before
    assert style.ONE_COLUMN - 0.01 <= figure.get_figwidth() <= style.TWO_COLUMNS
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    whole = figure.bbox
    for box in boxes:
        assert box.x0 >= 0 and box.x1 <= whole.x1 and box.y0 >= 0 and box.y1 <= whole.y1
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])
    for line in figure.axes[0].lines:
        assert figure.axes[0].transData.transform(line.get_xydata()).max(0)[0] <= whole.x1


def test_caption_is_a_sentence() -> None:
    assert critical_difference.CAPTION.endswith(".")
