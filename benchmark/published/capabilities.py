"""What published pipelines ask of a system, capability by capability, and which pipeline's file asks for it.

A mark is read from the file itself: from its blocks, steps, models, designs and descriptions, and for what every report
has from the kind of its outcome. Nothing is ticked by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from benchmark.choices import CHOOSE
from benchmark.experiment_file import ExperimentFile, SplitsSection
from benchmark.published.catalogue import Pipeline

Rule = Callable[[Pipeline], bool]
CROSS_VALIDATED = ("kfold", "leave_one_out", "leave_one_centre_out")
ONE_SPLIT = ("holdout", "roles")
OMICS = ("genomic", "transcriptomic", "proteomic")
READERS = ("reader", "physician", "biopsy")


def matrix(pipelines: list[Pipeline]) -> pd.DataFrame:
    """(n_capabilities, n_pipelines) of marks; rows by group and capability, columns by the code of the study."""
    rows = {
        (group, name): [rule(one) for one in pipelines]
        for group, rules in GROUPS.items()
        for name, rule in rules.items()
    }
    index = pd.MultiIndex.from_tuples(rows, names=["group", "capability"])
    return pd.DataFrame(list(rows.values()), index, [one.study.code for one in pipelines])


def _asked(pipeline: Pipeline) -> ExperimentFile | None:
    return None if pipeline.is_audit else pipeline.experiment


def _families(pipeline: Pipeline) -> list[str]:
    return [pipeline.asked.cohort.family(name) for name in pipeline.asked.cohort.blocks]


def _family(*names: str) -> Rule:
    return lambda pipeline: any(family in names for family in _families(pipeline))


def _several_blocks(pipeline: Pipeline) -> bool:
    """Two blocks of one image family, each in a feature set without the other."""
    cohort, sets = pipeline.asked.cohort, _sets(pipeline)
    pairs = [(one, other) for one in cohort.blocks for other in cohort.blocks
             if one != other and cohort.family(one) == cohort.family(other) in ("HRF", "DRF")]  # fmt: skip
    return any(any(one in parts and other not in parts for parts in sets) for one, other in pairs)


def _sets(pipeline: Pipeline) -> list[set[str]]:
    """The blocks of each feature set; without sets, of each block alone."""
    asked, cohort = _asked(pipeline), pipeline.asked.cohort
    told = [] if asked is None else list(asked.feature_sets.values())
    return [
        {block for block in cohort.blocks if block in parts or cohort.family(block) in parts}
        for parts in told or [[block] for block in cohort.blocks]
    ]


def _several_sets(pipeline: Pipeline) -> bool:
    asked = _asked(pipeline)
    return asked is not None and len(asked.feature_sets or asked.cohort.blocks) > 1


def _items(items: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The steps of a list with their parameters, those of every level of a choice included."""
    for item in items:
        name, given = (item, {}) if isinstance(item, str) else next(iter(item.items()))
        if name != CHOOSE:
            yield name, dict(given or {})
            continue
        for levels in (given or {}).values():
            for level in levels.values():
                yield from _items(level)


def _steps(pipeline: Pipeline) -> list[tuple[str, dict[str, Any]]]:
    return [step for items in pipeline.asked.preprocessings.values() for step in _items(items)]


def _step(*names: str, **params: Any) -> Rule:
    """Whether a step of these names has one of these values of each parameter."""
    return lambda pipeline: any(
        name in names and all(given.get(key) in values for key, values in params.items())
        for name, given in _steps(pipeline)
    )


def _told_step(name: str, key: str) -> Rule:
    return lambda pipeline: any(step == name and key in given for step, given in _steps(pipeline))


def _test(*tests: str | None) -> Rule:
    return _step("univariate", test=tests)


def _models(pipeline: Pipeline) -> list[str]:
    asked = _asked(pipeline)
    if asked is None or asked.classifiers == "all":
        return []
    return [item if isinstance(item, str) else next(iter(item)) for item in asked.classifiers]


def _joined(pipeline: Pipeline) -> list[str]:
    """The classifiers of a feature set, and what is made of them."""
    asked = _asked(pipeline)
    return [*_models(pipeline), *(asked.ensembles if asked is not None else ())]


def _model(*names: str) -> Rule:
    return lambda pipeline: any(name in names for name in _models(pipeline))


def _rules(*rules: str) -> Rule:
    """Whether a fusion of feature sets or an ensemble of classifiers follows one of these rules (of any, if none)."""

    def found(pipeline: Pipeline) -> bool:
        asked = _asked(pipeline)
        joined = [] if asked is None else [*asked.fusions.values(), *asked.ensembles.values()]
        return any(not rules or one.rule in rules for one in joined)

    return found


def _grid(pipeline: Pipeline) -> bool:
    several = len(pipeline.asked.preprocessings) > 1 or CHOOSE in str(pipeline.asked.preprocessings)
    return several and len(_models(pipeline)) > 1


def _designs(pipeline: Pipeline) -> list[SplitsSection]:
    asked = _asked(pipeline)
    return [] if asked is None else asked.splits


def _design(*kinds: str) -> Rule:
    return lambda pipeline: any(one.kind in kinds for one in _designs(pipeline))


def _folds(k: int) -> Rule:
    return lambda pipeline: any(one.kind == "kfold" and one.folds == k for one in _designs(pipeline))


def _roles(*roles: str) -> Rule:
    def found(pipeline: Pipeline) -> bool:
        role = pipeline.asked.cohort.role
        have = list((role.values or {}).values()) if role is not None else []
        return all(wanted in (have or pipeline.study.shape.roles) for wanted in roles)

    return lambda pipeline: _design("roles")(pipeline) and found(pipeline)


def _open(word: str) -> Rule:
    """Whether its text leaves this open, so that the harness's choice is printed."""
    return lambda pipeline: any(word in what.casefold() for what in pipeline.study.open)


def _did(word: str) -> Rule:
    """Whether its text says this of what was done."""
    return lambda pipeline: any(word in step.casefold() for step in pipeline.study.did)


def _upstream(word: str) -> Rule:
    return lambda pipeline: any(word in work.casefold() for work in pipeline.study.upstream)


def _class_counts(pipeline: Pipeline) -> list[int]:
    return [] if pipeline.is_audit else [len(counts) for counts in pipeline.study.shape.classes.values()]


def _binary(pipeline: Pipeline) -> bool:
    """An outcome of two classes, or a binary contrast of several."""
    asked = _asked(pipeline)
    return 2 in _class_counts(pipeline) or (asked is not None and asked.statistics.contrast is not None)


def _predicts(pipeline: Pipeline) -> bool:
    return not pipeline.is_audit


def _declared(key: str) -> Rule:
    """Whether the cohort declares this label of its cases."""
    return lambda pipeline: getattr(pipeline.asked.cohort, key) is not None


def _imported(readers: bool) -> Rule:
    def found(pipeline: Pipeline) -> bool:
        asked = _asked(pipeline)
        names = [] if asked is None else [name.casefold() for name in asked.imported]
        return any(any(word in name for word in READERS) == readers for name in names)

    return found


def _readings(pipeline: Pipeline) -> bool:
    return any(block.readings or block.reading or block.test_retest for block in pipeline.asked.cohort.blocks.values())


def _described(key: str, *values: str) -> Rule:
    """Whether this is described: anything of it, or one of these values."""

    def found(pipeline: Pipeline) -> bool:
        asked = _asked(pipeline)
        told = (None if asked is None else getattr(asked.describe, key)) or ()
        return bool(told) and (not values or any(value in told for value in values))

    return found


def _associated(*families: str) -> Rule:
    """Whether features are put beside a block of one of these families."""

    def found(pipeline: Pipeline) -> bool:
        asked = _asked(pipeline)
        cohort = pipeline.asked.cohort
        parts = [] if asked is None else [name for one in asked.describe.associations for name in one.others]
        return any((cohort.family(part) if part in cohort.blocks else part) in families for part in parts)

    return found


def _explained(key: str) -> Rule:
    return lambda pipeline: bool((asked := _asked(pipeline)) is not None and getattr(asked.explain, key))


def _any(*rules: Rule) -> Rule:
    return lambda pipeline: any(rule(pipeline) for rule in rules)


def _all(*rules: Rule) -> Rule:
    return lambda pipeline: all(rule(pipeline) for rule in rules)


def _is_audit(pipeline: Pipeline) -> bool:
    return pipeline.is_audit


def _tests(pipeline: Pipeline) -> tuple[str, ...]:
    return () if pipeline.is_audit else pipeline.experiment.statistics.tests


def _omics_outcome(pipeline: Pipeline) -> bool:
    return pipeline.study.outcome_from == "omics"


INPUTS: dict[str, Rule] = {
    "HRF table": _family("HRF"),
    "DRF table (columns from a network, given as numbers)": _family("DRF"),
    "clinical table": _family("clinical"),
    "conventional imaging features (SUVmax, TLG, uptake ratios, volumes)": _family("conventional"),
    "semantic / reader-scored features": _family("semantic", "radiologic"),
    "omics table as predictor (expression, mutation, ctDNA)": _family(*OMICS),
    "omics table as outcome or correlate": _any(_omics_outcome, _associated(*OMICS)),
    "pathomics table": _family("pathomic"),
    "several image blocks (CT+PET, CT+SPECT, T1c+T2) modelled apart and joined": _several_blocks,
    "several regions or segmentations of one image (intra/peritumoral, SPECT-V/T)": _several_blocks,
    "feature-set comparison by family (single vs fused)": _several_sets,
    "end-to-end DL comparator (imported predictions)": _imported(readers=False),
    "more than one row per patient (lesions, images), so grouped splits": _declared("patient"),
    "batch column (scanner, field strength, centre)": _declared("batch"),
}

PREPARATION: dict[str, Rule] = {
    "ComBat": _step("combat"),
    "image-level harmonization (outside a tabular harness)": _upstream("harmoniz"),
    "batch-effect tests before/after (t-test, ANOVA)": _is_audit,
    "Cohen's f before/after ComBat": _is_audit,
    "ICC filter or ICC report": _readings,
    "ICC bands report (poor/moderate/good/excellent)": _readings,
    "cosine-similarity reliability": _step("reliability", measure=("cosine",)),
}

SELECTION: dict[str, Rule] = {
    "Pearson / Spearman correlation filter": _step("correlation"),
    "Mann-Whitney / Wilcoxon rank-sum": _any(_test(None, "mann_whitney"), _described("univariate")),
    "t-test": _any(_test("t", "welch"), _described("univariate")),
    "ANOVA / Welch / Kruskal-Wallis": _test("anova", "welch", "kruskal_wallis"),
    "chi-square (categorical)": _any(_test("chi_square"), _described("baseline")),
    "univariate step, test not named": _all(_step("univariate"), _open("univariate")),
    "univariate AUC ranking": _any(_test("auc"), _described("univariate")),
    "mutual information": _test("mutual_information"),
    "variance filter": _step("variance"),
    "LASSO": _any(_step("lasso", "score"), _model("logistic_l1")),
    "RFE": _step("rfe", "rfecv"),
    "tree importance (XGBoost)": _step("tree_importance"),
    "PCA": _step("pca"),
    "l2,1-norm minimization": _step("l21"),
    "feature clustering": _step("cluster"),
    "multiple factor analysis": _step("mfa"),
    "FDR / multiple-testing correction": _any(_told_step("univariate", "fdr"), _described("univariate")),
    "feature scaling stated": _all(_step("standardize", "robust_scale", "min_max_scale"), _did("normaliz")),
    "rad-score / deep-score": _step("score"),
}

MODELS: dict[str, Rule] = {
    "logistic regression": _model("logistic", "logistic_l1", "logistic_l2", "logistic_elastic_net"),
    "LASSO as the final model": _model("logistic_l1"),
    "generalized linear model": _model("logistic"),
    "linear discriminant analysis": _model("lda"),
    "naive Bayes": _model("naive_bayes"),
    "SVM": _model("svm_linear", "svm_rbf"),
    "one-class SVM": _step("one_class_svm"),
    "KNN": _model("knn"),
    "decision tree": _model("decision_tree"),
    "random forest": _model("random_forest"),
    "extremely randomized trees": _model("extra_trees"),
    "AdaBoost": _model("adaboost"),
    "XGBoost": _model("xgboost"),
    "CatBoost": _model("catboost"),
    "LightGBM": _model("lightgbm"),
    "MLP / neural network": _model("mlp"),
    "voting": _rules("hard_vote", "soft_vote", "mean"),
    "stacking": _rules("stacked"),
    "ensemble, type not stated": _all(_any(_rules(), _told_step("one_class_svm", "machines")), _open("ensemble")),
    "rule learner / cut-off rule": _model("rules"),
    "Cox proportional hazards": _declared("follow_up"),
    "selector x classifier grid": _grid,
    "three or more classifiers on one feature set": lambda one: len(_joined(one)) > 2,
}

VALIDATION: dict[str, Rule] = {
    "single train/test (or train/validation) split": _design(*ONE_SPLIT),
    "train / internal / external": _roles("internal", "external"),
    "external centre or public set": _roles("external"),
    "stratified split stated": _all(_design(*ONE_SPLIT), _did("stratified")),
    "internal validation, scheme not named": _open("validation"),
    "10-fold CV": _folds(10),
    "5-fold CV (penalty choice)": _step("lasso", "score", folds=(5,)),
    "3-fold CV": _folds(3),
    "shuffle-split": _design("shuffle_split"),
    "leave-one-out": _design("leave_one_out"),
    "CV of unstated fold count": _all(_step("lasso"), _open("folds")),
    "validation scheme not stated in the seed": _open("validation"),
}

ENDPOINTS: dict[str, Rule] = {
    "binary": _binary,
    "multiclass": lambda one: any(count > 2 for count in _class_counts(one)),
    "survival / time to event": _declared("follow_up"),
    "association only (no predictor)": _is_audit,
    "segmentation score alongside": _family("segmentation"),
}

STATISTICS: dict[str, Rule] = {
    "DeLong": _all(_binary, _design(*ONE_SPLIT)),
    "paired t-test between models": lambda one: any("resampled" in test for test in _tests(one)),
    "model-comparison test not named": _all(_several_sets, _open("which tests")),
    "CI of AUC": _predicts,
    "SD over folds or repeats": _design("shuffle_split", *CROSS_VALIDATED),
    "calibration curve": _binary,
    "Hosmer-Lemeshow": _binary,
    "decision curve analysis": _binary,
    "nomogram": _explained("nomogram"),
    "Kaplan-Meier": _declared("follow_up"),
    "log-rank": _declared("follow_up"),
    "C-index": _declared("follow_up"),
    "risk groups (low/intermediate/high)": _declared("follow_up"),
    "reader comparison": _imported(readers=True),
    "baseline balance tests of train vs test": _all(_described("baseline"), _design(*ONE_SPLIT)),
    "feature-gene association (Spearman or group tests)": _any(
        _all(_omics_outcome, _described("univariate")), _associated(*OMICS)
    ),
    "pathway / module level association": _associated(*OMICS),
}

METRICS: dict[str, Rule] = {
    "AUC": _predicts,
    "accuracy": _predicts,
    "sensitivity / specificity": _binary,
    "confusion matrix": _predicts,
    "kappa, MCC, PR area, F, MSE/RMSE": _binary,
    "likelihood ratio": _binary,
    "SHAP": _explained("shap"),
    "t-SNE": _described("projections", "tsne"),
    "feature maps (network side)": _upstream("feature map"),
}

GROUPS: dict[str, dict[str, Rule]] = {
    "Inputs": INPUTS,
    "Harmonization and reliability": PREPARATION,
    "Feature selection and reduction": SELECTION,
    "Models": MODELS,
    "Validation": VALIDATION,
    "Endpoints": ENDPOINTS,
    "Statistics": STATISTICS,
    "Metrics and interpretation": METRICS,
}
