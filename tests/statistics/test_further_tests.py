"""Tests asked for by name: computed as their own modules say, refused where the design forbids, with their caution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.analysis import analyse
from benchmark.statistics.corrected_resampled import corrected_resampled_test
from benchmark.statistics.design_rules import RULES
from benchmark.statistics.further_tests import TESTS, check_tests
from benchmark.statistics.mcnemar import count_pairs, mcnemar
from benchmark.statistics.reclassification import idi


def asked(run, tests, *, kind="kfold", repeats=1, folds=3, **more):
    about = {"designs": {"cv": {"kind": kind, "repeats": repeats, "folds": folds}}}
    statistics = {**run.run["statistics"], "tests": tests, **more}
    return replace(run, run={**run.run, **about, "statistics": statistics})


def test_every_test_has_its_rules() -> None:
    assert set(TESTS) <= set(RULES)


def test_only_what_is_asked_for_is_there(make_run) -> None:
    run = make_run(repeats=1)
    assert analyse(*asked(run, []).arguments())["further_tests"].empty
    # what every report has may be named and is no further row
    assert analyse(*asked(run, ["influence curve"]).arguments())["further_tests"].empty


def test_numbers_are_those_of_their_modules(make_run) -> None:
    run = make_run(repeats=1, sets=("clinical", "HRF"), classifiers=("lr",))
    tests = ["corrected resampled t", "correlated bayes", "mcnemar", "nri", "idi"]
    results = analyse(*asked(run, tests, threshold={"value": 0.5}).arguments())
    found = results["further_tests"].set_index("test")
    assert list(found.index) == tests
    assert set(found["first"]) == {"HRF | plain | lr"} and set(found["second"]) == {"clinical | plain | lr"}
    folds = results["fold_scores"].pivot(index="fold", columns="feature_set", values="auc")
    sizes = results["fold_scores"].drop_duplicates("fold")["n_cases"].to_numpy()
    expected = corrected_resampled_test(
        (folds["HRF"] - folds["clinical"]).to_numpy(), ratio=sizes.mean() / (sizes.sum() - sizes).mean()
    )
    assert found.loc["corrected resampled t", "p"] == pytest.approx(float(expected.p[0]))
    assert np.isnan(found.loc["correlated bayes", "p"])
    assert "better" in found.loc["correlated bayes", "method"]
    wide = run.predictions.pivot(index="case", columns="feature_set", values="score_yes")
    y = (run.predictions.drop_duplicates("case").set_index("case")["y_true"].reindex(wide.index) == "yes").to_numpy()
    right = {name: ((wide[name] >= 0.5).to_numpy() == y).astype(int) for name in wide}
    exact = mcnemar(count_pairs(right["HRF"], right["clinical"]))
    assert found.loc["mcnemar", "p"] == pytest.approx(exact.p_exact)
    assert found.loc["mcnemar", "difference"] == pytest.approx(right["HRF"].mean() - right["clinical"].mean())
    improved = idi(y.astype(int), wide["clinical"].to_numpy(), wide["HRF"].to_numpy()).idi
    assert found.loc["idi", "difference"] == pytest.approx(improved.estimate)
    assert found.loc["mcnemar", "caution"].endswith("trust 'influence curve'")


def test_five_by_two(make_run) -> None:
    run = make_run(repeats=5, folds=2, sets=("clinical", "HRF"), classifiers=("lr",))
    found = analyse(*asked(run, ["5x2cv f"], repeats=5, folds=2).arguments())["further_tests"]
    assert found["p"].between(0, 1).all() and len(found) == 1


def test_p_is_adjusted_within_a_test_and_all_pairs_without_a_reference(make_run) -> None:
    run = make_run(repeats=2)
    found = analyse(*asked(run, ["corrected resampled t", "idi"], repeats=2, reference=None).arguments())[
        "further_tests"
    ]
    assert found.groupby("test").size().to_dict() == {"corrected resampled t": 15, "idi": 15}
    assert (found["p_adjusted"] >= found["p"]).all()


@pytest.mark.parametrize(
    ("test", "design", "message"),
    [
        ("mcnemar", {"kind": "kfold", "repeats": 5},
         r"cv: test 'mcnemar' does not fit the design repeated k-fold \(5 repeats\)"),
        ("corrected resampled t", {"kind": "roles"}, r"does not fit the design held-out: .*Use 'delong' instead"),
        ("friedman", {"kind": "kfold"}, r"does not fit the design k-fold: .*Use 'wald contrast' instead"),
        ("mcnemer", {"kind": "kfold"}, r"unknown test 'mcnemer'\. Did you mean 'mcnemar'"),
    ],
)  # fmt: skip
def test_wrong_requests_are_refused_with_the_right_test(test: str, design: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        check_tests([test], {"cv": design})
    assert error.value.path == ("statistics", "tests")


def test_other_names_of_a_test_are_understood_and_the_usual_mistake_is_refused(make_run) -> None:
    run = make_run(repeats=2, sets=("clinical", "HRF"), classifiers=("lr",))
    found = analyse(*asked(run, ["Nadeau-Bengio"], repeats=2).arguments())["further_tests"]
    assert set(found["test"]) == {"corrected resampled t"}
    for name in ("paired_t", "ttest", "paired t-test"):
        with pytest.raises(ConfigError, match=r"cv: test 'paired t' does not fit .*Use 'corrected resampled t'"):
            analyse(*asked(run, [name], repeats=2).arguments())
        with pytest.raises(ConfigError, match=rf"cv: test '{name}' \(paired t\) .*Use 'corrected resampled t'"):
            check_tests([name], {"cv": {"kind": "kfold", "repeats": 5, "folds": 5}})
