"""Simulated tidy results, as the statistics write them, for the tests of tables, figures and the report."""

from __future__ import annotations

from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from benchmark.estimates import (
    ADDED_VALUE_OF_RUN,
    ANOVA,
    ATTRIBUTED,
    ATTRIBUTION_SHARES,
    BEST_SET,
    CASE_SCORES,
    CENTRES,
    COMPARISONS,
    CONFUSION,
    CURVES,
    EQUIVALENCE,
    ESTIMATES,
    EXPLAINED_CASES,
    FEATURE_WEIGHTS,
    FOLD_SCORES,
    FREQUENCIES,
    FURTHER_TESTS,
    FUSED,
    MULTIVERSE,
    MULTIVERSE_FACTORS,
    NET_BENEFIT,
    NOMOGRAM,
    POSTHOC,
    SET_MEANS,
    SPECIFICATIONS,
    SPREAD,
    STABILITY,
    SUBGROUP_ESTIMATES,
    SUBGROUP_TESTS,
    TRANSFER,
    TRANSFER_NEEDED,
    of_class,
)
from benchmark.predictions import ATTRIBUTIONS, CHOSEN_INSIDE, FAILURES, RECIPE, TIMINGS, TRIALS, label_of
from benchmark.statistics.associations import associations
from benchmark.statistics.baseline import baseline
from benchmark.statistics.block_values import BlockValues, Categories
from benchmark.statistics.settings import settings_of
from benchmark.statistics.survival.risk_scores import FollowUp, curve_rows, risk_rows
from benchmark.statistics.univariate_roc import univariate_roc
from tests.statistics.survival.remission import simulated as follow_up

CLASSIFIERS = {
    "logistic_l2": "Logistic regression (L2)",
    "logistic_l1": "Logistic regression (L1)",
    "lda": "LDA",
    "svm_rbf": "SVM (RBF)",
    "random_forest": "Random forest",
    "xgboost": "XGBoost",
    "catboost": "CatBoost",
    "lightgbm": "LightGBM",
}
FAMILIES = {"HRF": ["HRF"], "DRF": ["DRF"], "clinical": ["clinical"]}
FEATURE_SETS = ["HRF", "DRF", "clinical", "HRF + DRF", "HRF + clinical", "DRF + clinical", "HRF + DRF + clinical"]
LEVELS = ["none", "ComBat"]
PLAIN = [
    "accuracy", "sensitivity", "specificity", "ppv", "npv", "f1", "mcc", "balanced_accuracy", "pr_auc", "brier",
    "threshold", "ici",
]  # fmt: skip


def simulate(
    *,
    feature_sets: list[str] | None = None,
    preprocessings: tuple[str, ...] = ("standard",),
    classifiers: list[str] | None = None,
    places: tuple[tuple[str, str], ...] = (("kfold", "out-of-fold"),),
    chosen: bool = True,
    classes: tuple[str, ...] = ("0", "1"),
    seed: int = 1,
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Results and run of an experiment with these recipes; AUCs rise with the number of families. With more than two
    ``classes`` the estimates and curves are those of each class against the others, and over all of them."""
    sets = FEATURE_SETS if feature_sets is None else feature_sets
    names = [*(list(CLASSIFIERS) if classifiers is None else classifiers), *([CHOSEN_INSIDE] if chosen else [])]
    recipes = list(product(sets, preprocessings, names))
    rng = np.random.default_rng(seed)
    auc = {recipe: 0.56 + 0.05 * len(recipe[0].split("+")) + rng.normal(0, 0.02) for recipe in recipes}
    results = {
        "estimates": _estimates(places, auc, rng),
        "comparisons": _comparisons(places, auc, rng),
        "equivalence": _equivalence(places, list(auc)),
        "added_value": _added_value(places, sets, names, preprocessings),
        "net_benefit": _net_benefit(places, auc),
        "best_set": _best_set(places, auc),
        "further_tests": _further_tests(places, list(auc)),
        "anova": _anova(places),
        "posthoc": _posthoc(places, sets, rng),
        "curves": _curves(places, auc, rng),
        "frequencies": _frequencies(places, sets, preprocessings, rng),
        "centres": _centres(places, auc, recipes),
        **_transfer(places, recipes),
        **_subgroups(places, recipes, auc),
        "stability": _stability(places, sets, preprocessings),
        "fused": _fused(places, recipes),
        **_explained(places, recipes, rng),
        **_described([place[0] for place in places]),
        "feature_weights": _weights(places, recipes),
        "fold_scores": pd.DataFrame(columns=FOLD_SCORES),
        "spread": _spread(places, auc),
        "set_means": _set_means(places, auc),
        **_multiverse(places, sets, names[:2], rng),
        "failures": pd.DataFrame(columns=FAILURES),
        "timings": _timings(places, recipes),
        "trials": _trials(places, recipes),
    }
    results["confusion"] = _confusion(places, recipes, classes)
    results |= _survival(places, recipes, results["estimates"])
    run = _run(places, sets, preprocessings, names, len(recipes))
    return (_of_classes(results, classes), run | {"classes": list(classes)}) if len(classes) > 2 else (results, run)


def _of_classes(results: dict[str, pd.DataFrame], classes: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    estimates, curves = results["estimates"], results["curves"]
    auc = estimates[estimates["measure"] == "auc"].assign(n_events=np.nan)
    over_all = [auc.assign(measure=name) for name in ("auc", "hand_till", "scaled_brier_multiclass", *PLAIN[:1])]
    by_class = [estimates.assign(measure=[of_class(name, label) for name in estimates["measure"]]) for label in classes]
    kinds = curves[curves["curve"].isin(["roc", "calibration"])]
    drawn = [kinds.assign(curve=[of_class(name, label) for name in kinds["curve"]]) for label in classes]
    return results | {"estimates": pd.concat([*over_all, *by_class], ignore_index=True), "curves": pd.concat(drawn)}


def _described(designs: list[str]) -> dict[str, pd.DataFrame]:
    """Sixty cases with an age, a stage, three genes and a picture."""
    rng = np.random.default_rng(5)
    y, numbers = np.arange(60) % 2, rng.normal(60, 10, (60, 4))
    stage = Categories(rng.integers(0, 3, 60), ("I", "II", "III"))
    clinical = BlockValues("clinical", ("age", "stage"), ("age",), numbers[:, :1], {"stage": stage})
    genes = BlockValues("genes", ("TP53", "KRAS", "EGFR"), ("TP53", "KRAS", "EGFR"), numbers[:, 1:])
    sides = Categories(np.arange(60) // 2 % 2, ("train", "test"))
    cases = pd.DataFrame({"case": [f"case{number:02d}" for number in range(60)], "y_true": y.astype(str),
                          "centre": np.where(y, "A", "B"), "x": numbers[:, 1], "y": numbers[:, 2]})  # fmt: skip
    return {
        "baseline": baseline([clinical], Categories(y, ("0", "1"))),
        "balance": pd.concat([baseline([clinical], sides).assign(design=design) for design in dict.fromkeys(designs)]),
        "univariate": univariate_roc([clinical, genes], y, ["0", "1"]),
        "associations": associations([clinical], [genes], method="by_kind").assign(question="clinical with genes"),
        "projections": cases.assign(projection="pca", feature_set="HRF", x_share=0.4, y_share=0.2),
    }


def _multiverse(places: Any, sets: list[str], names: list[str], rng: Any) -> dict[str, pd.DataFrame]:
    """Two levels of one factor, two repeats, the names as classifiers; the reference is clinical."""
    specified = [
        (*place, name, f"many ({level})", classifier, repeat, rng.uniform(0.5, 0.7), rng.uniform(0.5, 0.7), 5)
        for place, name, level, classifier, repeat in product(places, sets, LEVELS, names, range(2))
    ]
    spread = [
        (*place, name, 8, 1, 2, len(names), 2, 0.48, 0.55, 0.6, 0.63, 0.71, 0.75, 0.98, 0.11, 0.59, "clinical")
        for place, name in product(places, sets)
    ]
    factors = [
        (*place, name, factor, level, 4, 0.61, 0.02 * number, 0.3)
        for place, name in product(places, [*sets, ""])
        for factor, levels in (("harmonization", LEVELS), ("classifier", names), ("rest", [""]))
        for number, level in enumerate(levels)
    ]
    return {
        "specifications": pd.DataFrame(specified, columns=SPECIFICATIONS),
        "multiverse": pd.DataFrame(spread, columns=MULTIVERSE),
        "multiverse_factors": pd.DataFrame(factors, columns=MULTIVERSE_FACTORS),
    }


def _spread(places: Any, auc: dict[Any, float]) -> pd.DataFrame:
    rows = [
        (*place, *recipe, measure, over, n, value, 0.04, value - 0.1, value + 0.1)
        for place, (recipe, value) in product(places, auc.items())
        for over, n in (("folds", 25), ("repeats", 5))
        for measure in ("auc", "sensitivity", "specificity", "accuracy")
    ]
    return pd.DataFrame(rows, columns=SPREAD)


def _set_means(places: Any, auc: dict[Any, float]) -> pd.DataFrame:
    sets = ", ".join(role for _, role in places)
    rows = [
        (places[0][0], sets, *recipe, measure, value, value - 0.05, value + 0.05, 0.95, "DeLong in each set")
        for recipe, value in auc.items()
        for measure in ("auc", "accuracy")
    ]
    return pd.DataFrame(rows, columns=SET_MEANS)


def _confusion(places: Any, recipes: Any, classes: tuple[str, ...]) -> pd.DataFrame:
    rows = [
        (*place, *recipe, truth, called, 40.5 if truth == called else 7.0, 0.7 if truth == called else 0.1, "Youden")
        for place, recipe, truth, called in product(places, recipes, classes, classes)
    ]
    return pd.DataFrame(rows, columns=CONFUSION)


def _added_value(places: Any, sets: list[str], names: list[str], preprocessings: tuple[str, ...]) -> pd.DataFrame:
    rows = [
        (design, role, base, "more", together, preprocessing, name, 0.7, 0.73, 0.03, -0.01, 0.07, 0.95, 1.5, np.nan,
         0.13, 0.4, "holm", 0.05, 0.2, 0.5, 0.001, "open", "DeLong 1988")
        for design, role in places
        for base, together in pairwise(sets)
        for preprocessing in preprocessings
        for name in names
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=ADDED_VALUE_OF_RUN)


def _equivalence(places: Any, recipes: list[Any]) -> pd.DataFrame:
    rows = [
        (design, role, label_of(*recipe), label_of(*recipes[0]), 0.01, -0.02, 0.04, 0.9, 0.05, 0.02, 0.08, "holm",
         -0.03, 0.01, "not inferior", "DeLong 1988")
        for design, role in places
        for recipe in recipes[1:]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=EQUIVALENCE)


def _net_benefit(places: Any, auc: dict[Any, float]) -> pd.DataFrame:
    first = label_of(*next(iter(auc)))
    quantities = (("net benefit", ""), ("difference", "treat all"), ("difference", first),
                  ("interventions avoided", "treat all"))  # fmt: skip
    rows = [
        (*place, *recipe, "", threshold, quantity, against, value - 0.5, value - 0.6, value - 0.4, 0.95, np.nan, "")
        for place in places
        for recipe, value in [(("", "", "treat all"), 0.55), *auc.items()]
        for threshold in (0.1, 0.3)
        for quantity, against in (quantities if recipe[0] else quantities[:1])
        if label_of(*recipe) != against
    ]
    return pd.DataFrame(rows, columns=NET_BENEFIT)


def _further_tests(places: Any, recipes: list[Any]) -> pd.DataFrame:
    rows = [
        (design, role, test, "auc", label_of(*recipe), label_of(*recipes[0]), 0.02, -0.03, 0.07, 0.95, 0.8, 24.0, 0.4,
         0.9, "holm", "folds overlap", f"posterior {number}" if test == "correlated bayes" else "over folds")
        for design, role in places
        for test in ("corrected resampled t", "correlated bayes")
        for number, recipe in enumerate(recipes[1:])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=FURTHER_TESTS)


def _best_set(places: Any, auc: dict[Any, float]) -> pd.DataFrame:
    best = max(auc.values())
    rows = [
        (design, role, *recipe, value, value - best, value - best - 0.05, max(0.0, value - best + 0.05), 0.95, 0.4,
         best - value < 0.05, "multiple comparisons with the best")
        for design, role in places
        for recipe, value in auc.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=BEST_SET)


def _estimates(places: Any, auc: dict[Any, float], rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for place, (recipe, value) in product(places, auc.items()):
        about = (0.95, "influence curve, patients as units", 293, 120)
        plain = "threshold by Youden's index on the training rows"
        rows.append((*place, *recipe, "auc", value, value - 0.06, min(1.0, value + 0.06), *about))
        rows.append((*place, *recipe, "auc_logit", value, value - 0.07, min(1.0, value + 0.05), *about))
        rows += [(*place, *recipe, m, rng.uniform(0.2, 0.8), np.nan, np.nan, 0.95, plain, 293, 120) for m in PLAIN]
        slope = rng.normal(0.8, 0.2)
        about = (0.95, "logistic recalibration on pooled out-of-fold scores", 293, 120)
        rows.append((*place, *recipe, "calibration_slope", slope, slope - 0.3, slope + 0.3, *about))
        rows.append((*place, *recipe, "calibration_intercept", slope - 0.8, slope - 1.1, slope - 0.5, *about))
        about = (0.95, "", 293, 120)
        rows.append((*place, *recipe, "train_auc", value + 0.15, np.nan, np.nan, *about))
        rows.append((*place, *recipe, "optimism", 0.15, np.nan, np.nan, *about))
        rows.append((*place, *recipe, "rmse", 0.45, 0.41, 0.49, *about))
    return pd.DataFrame(rows, columns=ESTIMATES)


def _comparisons(places: Any, auc: dict[Any, float], rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    recipes = list(auc)
    pairs = [("all pairs", *pair) for pair in combinations(recipes, 2)]
    pairs = [("reference", recipe, recipes[0]) for recipe in recipes[1:]] + pairs
    for place, (question, first, second) in product(places, pairs):
        difference, p = auc[first] - auc[second], float(rng.uniform() ** 3)
        ends = (difference - 0.05, difference + 0.05)
        about = (0.95, difference / 0.025, np.nan, p, min(1.0, p * 10), "Holm", question, "paired influence curve")
        rows.append((*place, "auc", label_of(*first), label_of(*second), difference, *ends, *about))
    return pd.DataFrame(rows, columns=COMPARISONS)


def _anova(places: Any) -> pd.DataFrame:
    rows = []
    for place in places:
        note = "p corrected for sphericity by Greenhouse-Geisser"
        size = (0.412, "partial eta squared", 0.21, 0.55, note)
        rows.append((*place, "feature set", "repeated measures", "within", 8.731, 6.0, 144.0, 0.00002, 0.0013, *size))
        size = (0.21, "omega squared", np.nan, np.nan, "")
        rows.append((*place, "feature set", "Welch", "between", 4.2, 6.0, 71.34, 0.0213, np.nan, *size))
    return pd.DataFrame(rows, columns=ANOVA)


def _posthoc(places: Any, sets: list[str], rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for place, (first, second) in product(places, combinations(sets, 2)):
        d, p = rng.normal(0, 0.03), float(rng.uniform())
        about = (d - 0.04, d + 0.04, d / 0.02, 24.0, p / 3, p, d / 0.05, "Hedges g")
        rows.append((*place, "feature set", "paired t", first, second, d, *about))
    return pd.DataFrame(rows, columns=POSTHOC)


def _curves(places: Any, auc: dict[Any, float], rng: np.random.Generator) -> pd.DataFrame:
    frames = []
    x = np.linspace(0, 1, 101)
    thresholds = np.arange(5, 61) / 100
    risk = np.sort(rng.beta(3, 4, 60))
    prevalence = 120 / 293

    def add(place: Any, recipe: Any, curve: str, x: np.ndarray, y: np.ndarray, width: float = np.nan) -> None:
        head = dict(zip(CURVES, (*place, *recipe, curve), strict=False))
        frames.append(
            pd.DataFrame({**head, "x": x, "y": y, "low": y - width, "high": y + width, "method": "simulated"})
        )

    for place in places:
        for recipe, value in auc.items():
            add(place, recipe, "roc", x, x ** (1 / value - 1))
            add(place, recipe, "calibration", risk, np.clip(0.1 + 0.8 * risk + 0.1 * (value - 0.6), 0, 1), 0.1)
            shift, cut = np.sqrt(2) * norm.ppf(value), norm.ppf(thresholds)
            true, false = norm.sf(cut - shift / 2), norm.sf(cut + shift / 2)
            benefit = prevalence * true - (1 - prevalence) * false * thresholds / (1 - thresholds)
            add(place, recipe, "net benefit", thresholds, benefit, 0.03)
            add(place, recipe, "interventions avoided", thresholds, 40 * thresholds * value, 5.0)
        odds = thresholds / (1 - thresholds)
        add(place, ("", "", "treat all"), "net benefit", thresholds, prevalence - (1 - prevalence) * odds)
        add(place, ("", "", "treat none"), "net benefit", thresholds, np.zeros(len(thresholds)))
    return pd.DataFrame(pd.concat(frames), columns=CURVES)


def _frequencies(places: Any, sets: Any, preprocessings: Any, rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    shapes = ("firstorder_Skewness", "glszm_SizeZoneNonUniformityNormalized", "shape_Sphericity", "glcm_Imc2")
    filters = ("original", "wavelet-HHL", "log-sigma-3-0-mm-3D", "lbp-3D-k")
    names = {
        "HRF": [f"{f}_{s}" for f, s in product(filters, shapes)],
        "DRF": [f"swin_{i:04d}" for i in range(30)],
        "clinical": ["age", "sex", "overall_stage", "histology"],
    }
    for design, one, how in product(dict.fromkeys(p[0] for p in places), sets, preprocessings):
        for block in one.split(" + "):
            for feature in names.get(block, [block]):
                n = int(rng.integers(1, 26))
                rows.append((design, one, how, block, feature, n, 25, n / 25))
    return pd.DataFrame(rows, columns=FREQUENCIES)


def _timings(places: Any, recipes: Any) -> pd.DataFrame:
    rows = [(p[0], *r, 0, 0, stage, 3.21) for p, r, stage in product(places, recipes, ("tuning", "refit"))]
    rows += [(p[0], *r[:2], "", 0, 0, "steps", 41.0) for p, r in product(places, recipes[:1])]
    return pd.DataFrame(rows, columns=TIMINGS)


def _trials(places: Any, recipes: Any) -> pd.DataFrame:
    rows = [(p[0], *r, 0, 0, trial, "{}", 0.6, trial == 0, 0.1) for p, r, trial in product(places, recipes, range(3))]
    return pd.DataFrame(rows, columns=TRIALS)


def _reliability() -> dict[str, Any]:
    """A block of two readings in ``run.json``."""
    counts = {"poor": 102, "moderate": 197, "good": 405, "excellent": 701, "not computable": 4}
    limits = {"poor": 190, "moderate": 300, "good": 420, "excellent": 495}
    told = {"block": "HRF", "family": "HRF", "external": False, "form": "ICC(2,1)", "level": 0.95, "median": 0.89,
            "n_subjects": 40, "n_readings": 80, "n_features": 1409}  # fmt: skip
    return told | counts | {f"{name} (lower limit)": n for name, n in limits.items()}


def _run(places: Any, sets: list[str], preprocessings: Any, names: list[str], n_recipes: int) -> dict[str, Any]:
    steps = ["impute (median)", "ComBat (parametric)", "ICC(2,1) > 0.75", "standardize", "LASSO (min)"]
    return {
        "experiment": "lung1_fusion",
        "title": "Handcrafted, deep and clinical features for 2-year survival in lung cancer",
        "study": {
            "code": "A1",
            "source": "abstract",
            "did": ["ComBat over centres", "LASSO"],
            "open": {"LASSO rule": "minimum"},
            "risks": ["The outcome is defined by a feature."],
            "upstream": ["segmentation"],
        },
        "cohort": {
            "name": "LUNG1",
            "n_cases": 293,
            "n_patients": 293,
            "n_events": 120,
            "classes": {"0": 173, "1": 120},
            "blocks": [
                {"name": "HRF", "family": "HRF", "n_features": 1409, "readings": 2},
                {"name": "DRF", "family": "DRF", "n_features": 768, "readings": None},
                {"name": "clinical", "family": "clinical", "n_features": 4, "readings": None},
            ],
            "dropped": [
                {
                    "what": "cases",
                    "where": "clinical.csv",
                    "count": 12,
                    "reason": "no outcome",
                    "examples": ["LUNG1-014", "LUNG1-021", "LUNG1-085"],
                }
            ],
            "missing_cases": "drop",
        },
        "classes": ["0", "1"],
        "positive": "1",
        "designs": {
            place[0]: {"kind": place[0], "folds": 5, "repeats": 5, "grouped": True}
            if place[0] == "kfold"
            else {"kind": place[0], "folds": 1, "repeats": 1, "grouped": False}
            for place in places
        },
        "reliability": [_reliability()],
        "describe": {"baseline": ["clinical"]},
        "follow_up": {"time": "months", "event": "died", "risk": "1", "n_cases": 60, "n_events": 40},
        "subgroups": {"stage": {"I": 150, "II": 138, "III": 5}},
        "feature_sets": {one: {"blocks": one.split(" + "), "families": one.split(" + ")} for one in sets},
        "preprocessings": {name: steps for name in preprocessings},
        "choices": {name: {"selector": name} for name in preprocessings},
        "classifiers": {name: CLASSIFIERS.get(name, name) for name in names if name != CHOSEN_INSIDE},
        "tuning": {"trials": 20, "inner_folds": 3, "sampler": "TPE"},
        "statistics": {"level": 0.95, "reference": "clinical | standard | logistic_l2"},
        "tried": {"recipes": n_recipes, "models": n_recipes * 25, "trials": n_recipes * 500},
        "skipped": [
            {"feature_set": "clinical", "preprocessing": "combat", "classifier": "", "reason": "no image block"}
        ],
        "audit": {
            "budget": {"folds": 2, "recipes": False, "permutations": 3},
            "findings": [
                {
                    "code": "LA101",
                    "title": "steps fitted on training cases only",
                    "verdict": "OK",
                    "where": "",
                    "message": "48 fits of steps in 2 folds",
                }
            ],
        },
        "defaults": ["tuning.inner_folds: 3"],
        "seed": 20260101,
    }


__all__ = ["CLASSIFIERS", "FEATURE_SETS", "RECIPE", "simulate"]


def _centres(places: Any, auc: dict[Any, float], recipes: list[Any]) -> pd.DataFrame:
    method = "random effects, REML, Hartung-Knapp"
    rows = []
    for place, recipe in product(places, recipes):
        values = {"auc": auc[recipe], "calibration_slope": 0.8, "calibration_intercept": -0.2, "observed_expected": 0.9}
        for measure, value in {**values, "difference": 0.03}.items():
            reference = label_of(*recipes[0]) if measure == "difference" else ""
            about = (*place, *recipe, measure, reference)
            for number, centre in enumerate(("Basel", "Graz", "Ulm")):
                middle = value + 0.03 * (number - 1)
                limits = (middle, middle - 0.1, middle + 0.1, 0.95, 1 / 3)
                rows.append((*about, 80, 30, "cohort", centre, *limits, *[np.nan] * 5, 3, method))
            for kind, wide in (("mean", 0.08), ("prediction", 0.2)):
                told = (0.02, 0.001, 0.3, 2.5, 0.2) if kind == "mean" else [np.nan] * 5
                limits = (value, value - wide, value + wide, 0.95, np.nan)
                rows.append((*about, np.nan, np.nan, kind, kind, *limits, *told, 3, method))
    return pd.DataFrame(rows, columns=CENTRES)


def _subgroups(places: Any, recipes: list[Any], auc: dict[Any, float]) -> dict[str, pd.DataFrame]:
    """All cases, two stages, and a site with too few cases."""
    levels = [("", "", 293, 120), ("stage", "I", 150, 60), ("stage", "II", 138, 57), ("stage", "III", 5, 3)]
    rows, tests = [], []
    for place, recipe in product(places, recipes):
        for measure in ("auc", "sensitivity", "specificity", "calibration_intercept"):
            for number, (subgroup, name, n_cases, n_events) in enumerate(levels):
                middle = auc[recipe] + 0.05 * number if n_events > 3 else np.nan
                why = "Wilson" if n_events > 3 else "; not estimated: fewer than 5 cases of a class"
                limits = (middle, middle - 0.1, middle + 0.1, 0.95)
                rows.append((*place, *recipe, subgroup, name, measure, *limits, n_cases, n_events, why))
            told = ("stage", measure, "II", "I", 0.05, -0.03, 0.13, 0.95, 1.4, 1, 0.24, 0.96, "holm")
            tests.append((*place, *recipe, *told, "Cochran's Q"))
    return {
        "subgroup_estimates": pd.DataFrame(rows, columns=SUBGROUP_ESTIMATES),
        "subgroup_tests": pd.DataFrame(tests, columns=SUBGROUP_TESTS),
    }


def _survival(places: Any, recipes: list[Any], estimates: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Sixty cases with follow-up, the same score for every model, and a threshold of 0."""
    time, event, scores = follow_up(1, 60)
    score, settings = np.repeat(scores[:, :1], len(recipes), axis=1), settings_of({})
    called = (score > 0).astype(float)
    sets = [FollowUp(*place, time, event, None, tuple(recipes), score, called) for place in places]
    return {
        "estimates": pd.concat([estimates, *(rows for one in sets for rows in risk_rows(one, settings))]),
        "survival": pd.concat([rows for one in sets for rows in curve_rows(one, settings)]),
    }


def _transfer(places: Any, recipes: list[Any]) -> dict[str, pd.DataFrame]:
    methods = ("none", "intercept", "slope and intercept", "closed test")
    every = [
        (*place, *recipe, centre, size, method, "ici", 0.2 - 0.02 * number, 0.1, 0.3, -0.02 * number, 0.8, 50, 0)
        for place, recipe, centre in product(places, recipes[:2], ("Basel", "Ulm"))
        for size in (10, 20, 50)
        for number, method in enumerate(methods)
    ]
    enough = [
        (*place, *recipe, centre, 120, 40, method, 20 if centre == "Ulm" else np.nan, 50, 0.25, 0.2, 0.2, 0.1)
        for place, recipe, centre, method in product(places, recipes[:2], ("Basel", "Ulm"), methods[1:])
    ]
    return {
        "transfer": pd.DataFrame(every, columns=TRANSFER),
        "transfer_needed": pd.DataFrame(enough, columns=TRANSFER_NEEDED),
    }


def _stability(places: Any, sets: list[str], preprocessings: tuple[str, ...]) -> pd.DataFrame:
    rows = [
        (design, name, preprocessing, block, 25, 110, 9.6, 0.6, 0.0004, 0.56, 0.64, 0.95, 90, 0.8, 0.75, 0.85,
         "Nogueira 2018, training sets taken as independent")
        for design in dict.fromkeys(place[0] for place in places)
        for name, preprocessing in product(sets, preprocessings)
        for block in ("", *(name.split(" + ") if " + " in name else ()))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=STABILITY)


def _explained(places: Any, recipes: list[Any], rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """SHAP values of twenty cases and three features of the recipes with a classifier, what is made of them, and a
    nomogram and a score of each of these models."""
    tables: dict[str, list[Any]] = {name: [] for name in EXPLAINED}
    for design in dict.fromkeys(place[0] for place in places):
        for recipe in [recipe for recipe in recipes if recipe[2] != CHOSEN_INSIDE]:
            arm = (design, *recipe)
            for number, block in enumerate(("HRF", "HRF", "clinical")):
                feature, shap = (block, f"f{number}"), rng.normal(0, 1.0 / (number + 1), 20)
                tables["attributions"] += [
                    (*arm, 1, "1", f"c{case}", "1", *feature, rng.normal(), np.nan, shap[case], 0.1, "log-odds")
                    for case in range(20)
                ]
                sizes = (np.abs(shap).mean(), 0.1, 0.5 / (number + 1), shap.mean())
                tables["attributed"].append((*arm, "1", *feature, *sizes, 20, 5, "log-odds"))
                tables["explained_cases"] += [
                    (*arm, "1", pick, f"c{case}", "1", 0.3, 0.1 + shap[case], 0.1, "log-odds", *feature, 1.0, 61.5,
                     shap[case]) for case, pick in enumerate(("highest", "median", "lowest", "worst error"))
                ]  # fmt: skip
                ticks = [("feature", *feature, "", "", x, 20 * x, np.nan) for x in range(5)]
                tables["nomogram"] += [(*arm, "1", 90, *tick) for tick in [*ticks, ("range", *ticks[0][1:])]]
            axes = ("total", "probability", "total range")
            totals = [(axis, "", "", "", "", np.nan, 20.0 * x, x / 10) for axis in axes for x in range(1, 9)]
            tables["nomogram"] += [(*arm, "1", 90, *tick) for tick in totals]
            tables["attribution_shares"] += [(*arm, "1", one, one, 2, 0.4, 0.5) for one in ("HRF", "clinical")]
        tables["case_scores"] += [
            (design, *recipes[0][:2], "HRF", "score", f"c{case}", str(case % 2), rng.normal(), 5) for case in range(20)
        ]
    return {name: pd.DataFrame(rows, columns=EXPLAINED[name]) for name, rows in tables.items()}


EXPLAINED = {
    "attributions": ATTRIBUTIONS,
    "attributed": ATTRIBUTED,
    "attribution_shares": ATTRIBUTION_SHARES,
    "explained_cases": EXPLAINED_CASES,
    "case_scores": CASE_SCORES,
    "nomogram": NOMOGRAM,
}


def _fused(places: Any, recipes: list[Any]) -> pd.DataFrame:
    rows = [
        (*place, *recipe, part, weight, 0.1, 0.7, 0.72, 0.71, 0.79, "the second level overfits")
        for place in places
        for recipe in recipes[-1:]
        for part, weight in (("HRF", 0.8), ("DRF", 0.2))
    ]
    return pd.DataFrame(rows, columns=FUSED)


def _weights(places: Any, recipes: list[Any]) -> pd.DataFrame:
    rows = [
        (
            design,
            *recipe,
            recipe[0].split(" + ")[0],
            f"feature {number}",
            25 - number,
            1.5 + number,
            0.4,
            20 - number,
            5,
            0.8,
        )
        for design in dict.fromkeys(place[0] for place in places)
        for recipe in recipes
        for number in range(3)
    ]
    return pd.DataFrame(rows, columns=FEATURE_WEIGHTS)
