"""Effects of batches on features, against SciPy and pingouin, feature by feature."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

from benchmark.statistics.batch_effects import BATCH_EFFECTS, SUMMARY, batch_effects, summarize

BATCH = np.repeat([0, 1, 2], [12, 20, 9])


def values(seed: int = 0, k: int = 6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(len(BATCH), k)).round(1)  # with ties
    return x + np.linspace(0, 1.5, k) * BATCH[:, None]


def test_scipy_in_every_test() -> None:
    x = values()
    found = batch_effects(x, BATCH)
    assert list(found.columns) == BATCH_EFFECTS
    for feature in range(x.shape[1]):
        groups = [x[number == BATCH, feature] for number in range(3)]
        row = found.iloc[feature]
        f = stats.f_oneway(*groups)
        assert row[["F", "p"]].tolist() == pytest.approx([f.statistic, f.pvalue], rel=1e-9)
        h = stats.kruskal(*groups)
        assert row[["H", "p_ranks"]].tolist() == pytest.approx([h.statistic, h.pvalue], rel=1e-9)
        assert row["p_spread"] == pytest.approx(stats.levene(*groups, center="median").pvalue, rel=1e-8)
        between = sum(len(g) * (g.mean() - x[:, feature].mean()) ** 2 for g in groups)
        within = sum(((g - g.mean()) ** 2).sum() for g in groups)
        assert row["cohens_f"] == pytest.approx(np.sqrt(between / within), rel=1e-9)
    for p in ("p", "p_ranks", "p_spread"):
        np.testing.assert_allclose(found[f"{p}_adjusted"], stats.false_discovery_control(found[p]), rtol=1e-12)


def test_two_batches_are_the_t_test() -> None:
    x, two = values()[:32], BATCH[:32]
    t = stats.ttest_ind(x[two == 0], x[two == 1])
    found = batch_effects(x, two)
    np.testing.assert_allclose(found["F"], t.statistic**2, rtol=1e-9)
    np.testing.assert_allclose(found["p"], t.pvalue, rtol=1e-9)


def test_repeated_objects_are_the_randomized_blocks_design() -> None:
    rng = np.random.default_rng(2)
    objects, batch = (part.ravel() for part in np.indices((15, 4)))
    x = rng.normal(0, 5, 15)[objects][:, None] + rng.normal(size=(60, 3)) + np.array([0, 0.5, 2]) * batch[:, None]
    found = batch_effects(x, batch, objects)
    for feature in range(3):
        long = pd.DataFrame({"object": objects, "batch": batch, "value": x[:, feature]})
        theirs = pingouin.rm_anova(long, dv="value", within="batch", subject="object", correction=False, detailed=True)
        assert found["F"][feature] == pytest.approx(theirs["F"][0], rel=1e-8)
        assert found[["df1", "df2"]].iloc[feature].tolist() == theirs["DF"].tolist()
        partial = theirs["SS"][0] / (theirs["SS"][0] + theirs["SS"][1])
        assert found["cohens_f"][feature] == pytest.approx(np.sqrt(partial / (1 - partial)), rel=1e-8)


@pytest.mark.parametrize("scale", [1e-9, 1e12])
def test_units_do_not_matter_and_what_does_not_vary_is_undefined(scale: float) -> None:
    x = values() + np.random.default_rng(1).normal(size=(len(BATCH), 6))  # no ties for rounding to part
    x[:, 2] = 0.1
    found, scaled = batch_effects(x, BATCH), batch_effects(x * scale, BATCH)
    np.testing.assert_allclose(scaled, found, rtol=1e-6)
    assert found.loc[2, ["F", "p", "H", "p_ranks", "p_spread", "cohens_f"]].isna().all()
    same = np.repeat(BATCH[:, None] * 1.0, 2, axis=1)  # nothing varies within a batch
    assert np.isinf(batch_effects(same, BATCH)["F"]).all()


def test_summary_counts() -> None:
    x = values(k=40)
    x[:, 0] = 3.0
    effects = batch_effects(x, BATCH)
    found = summarize(effects, significance=0.05)
    assert list(found) == SUMMARY
    assert found["n_features"] == 40 and found["n_undefined"] == 1
    assert found["n_location"] == (effects["p_adjusted"] < 0.05).sum() > 10
    assert found["n_large"] <= found["n_medium"] == (effects["cohens_f"] >= 0.25).sum()
    assert found["f_q1"] < found["f_median"] < found["f_q3"]


def test_no_batch_effect_is_found_where_there_is_none() -> None:
    effects = batch_effects(np.random.default_rng(3).normal(size=(len(BATCH), 2000)), BATCH)
    for p in ("p", "p_ranks", "p_spread"):
        assert (effects[p] < 0.05).mean() == pytest.approx(0.05, abs=0.02)
    assert (effects["p_adjusted"] < 0.05).mean() < 0.01
