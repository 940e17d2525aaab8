"""Which test fits which design: every rule by name, and what must hold for the whole table."""

from __future__ import annotations

import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.design_rules import (
    DESIGN_KINDS,
    OTHER_NAMES,
    RULES,
    SITUATIONS,
    allowed,
    caution_of,
    fitting_tests,
    known_test,
    situation_of,
    verdict_on,
)

PLACES = {
    "held-out": ("holdout", 1),
    "repeated hold-out": ("holdout", 5),
    "k-fold": ("kfold", 1),
    "repeated k-fold": ("kfold", 5),
    "leave-one-out": ("leave_one_out", 1),
    "bootstrap": ("bootstrap", 100),
    "leave-one-centre-out": ("leave_one_centre_out", 1),
    "several cohorts": ("several_cohorts", 1),
}
SHORT = {"+": "fits", "!": "flagged", "-": "refused"}
EXPECTED = {
    # in the order of SITUATIONS: held-out, repeated hold-out, k-fold, repeated k-fold, leave-one-out, bootstrap,
    # centres, cohorts
    "delong": "+-!-+-!-",
    "delong of averaged scores": "+!!!+-!-",
    "unpaired delong": "+------+",
    "influence curve": "+-++--+-",
    "wald contrast": "+-+++!+-",
    "best set": "+-+++!+-",
    "equivalence": "++++++++",
    "non-inferiority": "++++++++",
    "mcnemar": "+-!-!-!-",
    "cochran q": "+-!-!-!-",
    "nri": "+-!!!-!-",
    "nri categorical": "+-!!!-!-",
    "idi": "+-!!!-!-",
    "pooled calibration": "+++++++!",
    "pooled decision curve": "+++++++!",
    "calibration averaged over folds": "--------",
    "decision curve averaged over folds": "--------",
    "calibration on training rows": "--------",
    "decision curve on training rows": "--------",
    "corrected resampled t": "-+++----",
    "correlated bayes": "-+++----",
    "5x2cv f": "--------",  # but for 5 repeats of 2 folds
    "mixed model": "-+++--!+",
    "paired t": "-------!",
    "one-way anova": "-!!!--!!",
    "welch anova": "-!!!--!!",
    "kruskal-wallis": "-!!!--!!",
    "repeated-measures anova": "-!!!--!+",
    "friedman": "-------+",
    "nemenyi": "-------+",
    "wilcoxon signed rank": "-------+",
    "random-effects meta-analysis": "------!+",
    "bootstrap .632+": "-----+--",
}


def test_every_rule_is_here() -> None:
    assert list(EXPECTED) == list(RULES)
    assert all(set(row) == set(SITUATIONS) for row in RULES.values())
    assert tuple(PLACES) == SITUATIONS


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", RULES)
def test_rule(name: str, situation: str) -> None:
    expected = SHORT[EXPECTED[name][SITUATIONS.index(situation)]]
    kind, repeats = PLACES[situation]
    verdict = verdict_on(kind, repeats, name)
    assert verdict.kind == expected
    if expected == "refused":
        with pytest.raises(ConfigError) as caught:
            allowed(kind, repeats, name)
        for part in (name, situation, verdict.reason, verdict.right):
            assert part in str(caught.value)
        return
    allowed(kind, repeats, name)
    assert bool(caution_of(kind, repeats, name)) == (expected == "flagged")


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_right_test_may_be_done_and_says_more_than_the_wrong_one(situation: str) -> None:
    kind, repeats = PLACES[situation]
    for name in RULES:
        verdict = verdict_on(kind, repeats, name)
        if verdict.kind == "fits":
            assert (verdict.reason, verdict.right) == ("", "")
            continue
        assert verdict.reason and verdict.right != name
        right = verdict_on(kind, repeats, verdict.right)
        assert right.kind != "refused", f"{name} in {situation} names {verdict.right}, which is refused"
        if not (verdict.right.startswith("pooled") or situation == "leave-one-centre-out"):
            assert right.kind == "fits", f"{name} in {situation} names {verdict.right}, which is flagged"


def test_the_usual_mistakes_and_what_is_said_of_them() -> None:
    with pytest.raises(ConfigError, match=r"'delong' does not fit the design repeated k-fold \(5 repeats\): repeats .*"
                                          r"not new patients.*Use 'influence curve' instead"):  # fmt: skip
        allowed("kfold", 5, "delong")
    with pytest.raises(ConfigError, match=r"decisions of different repeats.*Use 'influence curve'"):
        allowed("kfold", 10, "mcnemar")
    with pytest.raises(ConfigError, match=r"not independent data sets.*Use 'wald contrast'"):
        allowed("kfold", 1, "friedman")
    with pytest.raises(ConfigError, match=r"share training rows.*Use 'corrected resampled t'"):
        allowed("kfold", 5, "paired t")
    with pytest.raises(ConfigError, match="Use 'pooled calibration'"):
        allowed("kfold", 5, "calibration averaged over folds")
    with pytest.raises(ConfigError, match=r"one value per model.*Use 'wald contrast'"):
        allowed("roles", 1, "one-way anova")
    assert "folds overlap; trust 'wald contrast'" in caution_of("kfold", 5, "one-way anova")
    assert caution_of("kfold", 5, "influence curve") == ""


def test_five_by_two_needs_its_own_design() -> None:
    allowed("kfold", 5, "5x2cv f", folds=2)
    assert "5x2cv f" in fitting_tests("kfold", 5, folds=2)
    for repeats, folds in ((5, 5), (5, None), (4, 2), (1, 2)):
        with pytest.raises(ConfigError, match="exactly 5 repeats of 2 folds"):
            allowed("kfold", repeats, "5x2cv f", folds=folds)
    with pytest.raises(ConfigError, match="needs several"):
        allowed("holdout", 1, "5x2cv f", folds=2)


def test_every_design_has_a_test_of_two_models() -> None:
    for kind, repeats in PLACES.values():
        names = fitting_tests(kind, repeats)
        two_models = {"delong", "influence curve", "corrected resampled t", "random-effects meta-analysis"} | {
            "bootstrap .632+"
        }
        assert two_models & set(names)


def test_situations() -> None:
    assert {situation_of(kind, repeats) for kind in DESIGN_KINDS for repeats in (1, 3)} == set(SITUATIONS)
    assert situation_of("roles", 1) == "held-out"


def test_unknown_names() -> None:
    with pytest.raises(ConfigError, match=r"unknown test 'delongs'\. Did you mean 'delong'"):
        allowed("kfold", 1, "delongs")
    with pytest.raises(ConfigError, match=r"unknown kind of design 'k-fold'\. Did you mean 'kfold'"):
        allowed("k-fold", 1, "delong")
    with pytest.raises(ConfigError, match="repeats of a design: found 0"):
        allowed("kfold", 0, "delong")


@pytest.mark.parametrize("name", ["paired t", "paired_t", "Paired t-test", "ttest", "t-test", "Student's t", "t_test"])
@pytest.mark.parametrize("repeats", [1, 5])
def test_a_paired_t_test_over_folds_is_refused_by_any_name(name: str, repeats: int) -> None:
    said = r"does not fit the design .*folds share training rows.*p is too small. Use 'corrected resampled t' instead"
    with pytest.raises(ConfigError, match=said) as caught:
        allowed("kfold", repeats, name)
    assert str(caught.value).startswith(f"test '{name}'")
    with pytest.raises(ConfigError, match=r"needs several.* Use 'delong' instead"):
        allowed("roles", 1, name)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("DeLong", "delong"),
        ("delong's test", "delong"),
        ("unpaired_delong", "unpaired delong"),
        ("McNemar's test", "mcnemar"),
        ("Cochran's Q", "cochran q"),
        ("Nadeau-Bengio", "corrected resampled t"),
        ("corrected_resampled_t_test", "corrected resampled t"),
        ("5x2cv_F", "5x2cv f"),
        ("Wilcoxon", "wilcoxon signed rank"),
        ("one way ANOVA", "one-way anova"),
        ("kruskal_wallis", "kruskal-wallis"),
        ("NRI", "nri"),
    ],
)
def test_names_as_people_write_them(name: str, known: str) -> None:
    assert known_test(name) == known


def test_every_other_name_is_that_of_a_rule() -> None:
    assert set(OTHER_NAMES.values()) <= set(RULES)
    assert all(known_test(name) == name for name in RULES)
