"""Recalibration in another centre."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special
from sklearn.linear_model import LogisticRegression

from benchmark.estimates import TRANSFER, TRANSFER_NEEDED
from benchmark.metrics.brier import brier
from benchmark.statistics.calibration_transfer import (
    CLOSED,
    INTERCEPT,
    LINE,
    METHODS,
    NONE,
    _judge,
    _orders,
    _split,
    draw,
    needed,
    recalibrations,
    transfer,
)
from benchmark.statistics.case_groups import CaseGroup
from benchmark.statistics.smooth_calibration import calibration_indices


def centre(
    n: int = 240, *, shift: float = 1.5, slope: float = 1.0, patients: int | None = None, seed: int = 0
) -> CaseGroup:
    """The model's logits are right but for a shift and a slope."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(0, 1.2, n)
    y = (rng.uniform(size=n) < special.expit(shift + slope * logit)).astype(int)
    who = None if patients is None else rng.integers(0, patients, n)
    return CaseGroup("Ulm", y, special.expit(logit)[:, None], who)


def test_lines_are_those_of_maximum_likelihood() -> None:
    one = centre(slope=0.4)
    score = one.scores[:, 0]
    lines, unfitted = recalibrations(one.y, score)
    expected = LogisticRegression(C=np.inf, tol=1e-10).fit(special.logit(score)[:, None], one.y)
    assert lines[LINE].slope == pytest.approx(expected.coef_[0, 0], rel=1e-5)
    assert lines[LINE].intercept == pytest.approx(expected.intercept_[0], rel=1e-5)
    assert lines[INTERCEPT].apply(score).mean() == pytest.approx(one.y.mean())
    assert not unfitted and lines[NONE].apply(score) == pytest.approx(score)


@pytest.mark.parametrize(("shift", "slope", "chosen"), [(0.0, 1.0, NONE), (2.0, 1.0, INTERCEPT), (0.0, 0.2, LINE)])
def test_the_closed_test_takes_the_simplest_that_will_do(shift: float, slope: float, chosen: str) -> None:
    one = centre(2000, shift=shift, slope=slope, seed=3)
    lines, _ = recalibrations(one.y, one.scores[:, 0])
    assert lines[CLOSED] == lines[chosen]


def test_what_cannot_be_fitted_leaves_the_model_as_it_is() -> None:
    lines, unfitted = recalibrations(np.ones(5), np.linspace(0.2, 0.8, 5))
    assert unfitted == {INTERCEPT, LINE, CLOSED} and set(lines.values()) == {lines[NONE]}
    lines, unfitted = recalibrations(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.5, 0.6]))
    assert unfitted == {LINE, CLOSED} and lines[INTERCEPT] != lines[NONE] == lines[LINE]


def test_the_measures_are_those_of_the_recalibrated_scores() -> None:
    one = centre(slope=0.5)
    lines, _ = recalibrations(one.y[:100], one.scores[:100, 0])
    found = _judge(one.y[100:], one.scores[100:, 0], lines)
    for place, method in enumerate(METHODS):
        moved = lines[method].apply(one.scores[100:, 0])
        assert found[place].tolist() == [brier(one.y[100:], moved), calibration_indices(one.y[100:], moved).ici]


def test_patients_are_kept_together() -> None:
    one = centre(patients=40)
    for order in _orders(one, 5, seed=1):
        learns, judges = _split(order, 50)
        assert not set(one.patient[learns]) & set(one.patient[judges])
        assert sorted([*learns, *judges]) == list(range(240))
        assert 50 <= len(learns) < 50 + max(np.bincount(one.patient))


def test_a_shifted_model_is_mended_by_the_intercept_and_a_right_one_is_not_mended() -> None:
    shifted = transfer([centre(shift=1.5)], {0: ("HRF", "raw", "lr")}, seed=1, n_draws=20)
    rows, enough = shifted
    assert list(rows.columns) == TRANSFER and list(enough.columns) == TRANSFER_NEEDED
    by_method = enough.set_index("method")
    assert by_method.loc[INTERCEPT, "n_needed"] <= 20
    assert by_method.loc[INTERCEPT, "n_needed"] <= by_method.loc[LINE, "n_needed"]
    assert (by_method["brier_recalibrated"] < by_method["brier_none"]).all()
    assert by_method.loc[INTERCEPT, "n_most"] == 100
    told = rows[(rows["measure"] == "ici") & (rows["n_recalibration"] == 100)].set_index("method")["estimate"]
    assert told[NONE] > 0.15 and told[INTERCEPT] < 0.1
    right = transfer([centre(shift=0.0)], {0: ("HRF", "raw", "lr")}, seed=1, n_draws=20)[1]
    assert right.set_index("method").loc[LINE, "n_needed"] is np.nan or right["n_needed"].isna().any()


def test_the_same_seed_gives_the_same_draws_whatever_else_is_there() -> None:
    recipes = {0: ("HRF", "raw", "lr")}
    alone = transfer([centre(90)], recipes, seed=1, n_draws=5)[0]
    other = CaseGroup("Basel", *[centre(100, seed=5).__dict__[key] for key in ("y", "scores", "patient")])
    both = transfer([other, centre(90)], recipes, seed=1, n_draws=5)[0]
    again = both[both["centre"] == "Ulm"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, again)
    assert not alone["estimate"].equals(transfer([centre(90)], recipes, seed=2, n_draws=5)[0]["estimate"])


def test_held_out_outcomes_of_one_side_do_not_move_the_other() -> None:
    """The cases that judge have no part in the line."""
    one = centre(60)
    order = next(_orders(one, 1, seed=1))
    learns, judges = _split(order, 20)
    flipped = one.y.copy()
    flipped[judges] = 1 - flipped[judges]
    assert recalibrations(one.y[learns], one.scores[learns, 0]) == recalibrations(
        flipped[learns], one.scores[learns, 0]
    )


def test_needed_by_hand() -> None:
    def rows(gains: list[float]) -> pd.DataFrame:
        return pd.DataFrame(
            [
                {"n_recalibration": n, "method": method, "measure": measure, "estimate": 0.2,
                 "difference": 0.0 if method == NONE else gain}
                for n, gain in zip((10, 20, 50), gains, strict=True)
                for method in METHODS
                for measure in ("brier", "ici")
            ]
        )  # fmt: skip

    assert [needed(rows(gains))[0]["n_needed"] for gains in ([-1, 1, -1], [-1, -1, -1], [1, -1, -1])] == [50, 10, 20]
    assert np.isnan(needed(rows([-1, -1, 1]))[0]["n_needed"])


def test_a_centre_that_is_too_small_or_of_one_class_has_none() -> None:
    assert draw(centre(19), 0, n_draws=2, seed=1) is None
    one = centre(40)
    assert draw(CaseGroup("Ulm", np.ones(40), one.scores, None), 0, n_draws=2, seed=1) is None
    rows, enough = transfer([centre(19)], {0: ("HRF", "raw", "lr")}, seed=1)
    assert rows.empty and enough.empty and list(rows.columns) == TRANSFER
