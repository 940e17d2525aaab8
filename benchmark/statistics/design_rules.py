"""Which test fits which design: the one place that knows, and refuses a wrong request with the reason and the right
test.

    situation             what is independent in it
    held-out              the patients of one set, scored by one fitted model
    repeated hold-out     nothing: the same patients are drawn into several test sets
    k-fold                the patients; the folds share training rows
    repeated k-fold       the patients, not the repeats; all folds share training rows
    leave-one-out         the patients; each is scored by a model of its own, and no fold has an AUC
    bootstrap             nothing: draws share patients on both sides
    leave-one-centre-out  the patients; each centre is scored by a model trained on the others
    several cohorts       the cohorts

A test fits, is flagged (it can be had, with its caution wherever it is shown) or is refused.

Source: repeats and folds are not new data: Dietterich (1998), Neural Computation 10:1895; Nadeau and Bengio (2003),
Machine Learning 52:239; no unbiased variance from folds: Bengio and Grandvalet (2004), Journal of Machine Learning
Research 5:1089; patients under cross-validation: LeDell et al. (2015), Electronic Journal of Statistics 9:1583; several
data sets: Demsar (2006), Journal of Machine Learning Research 7:1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from benchmark.errors import ConfigError, unknown

HELD_OUT, REPEATED_HOLD_OUT = "held-out", "repeated hold-out"
K_FOLD, REPEATED = "k-fold", "repeated k-fold"
LEAVE_ONE_OUT, BOOTSTRAP = "leave-one-out", "bootstrap"
LEAVE_ONE_CENTRE_OUT, COHORTS = "leave-one-centre-out", "several cohorts"
SITUATIONS = (HELD_OUT, REPEATED_HOLD_OUT, K_FOLD, REPEATED, LEAVE_ONE_OUT, BOOTSTRAP, LEAVE_ONE_CENTRE_OUT, COHORTS)

DESIGN_KINDS = {
    "holdout": (HELD_OUT, REPEATED_HOLD_OUT),
    "roles": (HELD_OUT, HELD_OUT),
    "shuffle_split": (HELD_OUT, REPEATED_HOLD_OUT),
    "kfold": (K_FOLD, REPEATED),
    "leave_one_out": (LEAVE_ONE_OUT, LEAVE_ONE_OUT),
    "bootstrap": (BOOTSTRAP, BOOTSTRAP),
    "leave_one_centre_out": (LEAVE_ONE_CENTRE_OUT, LEAVE_ONE_CENTRE_OUT),
    "several_cohorts": (COHORTS, COHORTS),
}
"""Kind of a design -> its situation with one repeat, and with more."""


@dataclass(frozen=True)
class Verdict:
    """Whether a test fits, why not if it does not, and the ``right`` test then."""

    kind: Literal["fits", "flagged", "refused"]
    reason: str = ""
    right: str = ""


Row = dict[str, Verdict]
FITS = Verdict("fits")

DELONG, IC, RESAMPLED = "delong", "influence curve", "corrected resampled t"
WALD, MIXED, META = "wald contrast", "mixed model", "random-effects meta-analysis"
AVERAGED, FIVE_BY_TWO = "delong of averaged scores", "5x2cv f"
PLUS = "bootstrap .632+"
CALIBRATION, DECISION_CURVE = "pooled calibration", "pooled decision curve"

NOT_NEW = "repeats predict the same patients again: they are not new patients, so the interval would be too narrow"
MIXED_SCORES = "the scores of different folds come from different models, and their ranks are mixed"
DECISIONS = "decisions of different repeats about one patient are not independent cases"
FOLD_MODELS = "the cases of different folds are decided by different models: the variation of training is not in p"
DRAWN = "repeats of a hold-out test the same patients again, and their training sets overlap"
PAIRED_ROWS = "the models score the same patients: the comparison is paired"
PER_COHORT = "patients of different cohorts are not one sample: test within each cohort and combine the differences"
NO_FOLDS = "one held-out set gives one value per model, and a variance over folds needs several"
OVERLAP = "folds share training rows, so their values are correlated and p is too small"
SAME_FOLDS = "all models are tested in the same folds, so the groups are not independent; and the folds overlap"
SAME_COHORTS = "all models see the same cohorts, so the groups are not independent"
CENTRES = "centres are no random folds: their sizes and their patients differ"
CENTRES_OVERLAP = "the models of the centres share training rows, so the centres are not quite independent"
NO_OVERLAP = "cohorts share no training rows: there is nothing to correct for"
ONE_COHORT = "folds and repeats of one cohort are not independent data sets: this test ranks over several cohorts"
ONE_STUDY = "one cohort is one study: its patients give the difference and its interval"
SCALES = "differences of different cohorts do not have one variance"
SMALL_SETS = "an average over small sets hides miscalibration, and the curve of one fold is noise"
APPARENT = "training rows were seen by the model: what is measured on them is not what a patient can expect"
NO_FOLD_AUC = "every fold is one patient: no fold has an AUC, and there is no variance over folds"
DRAWS = "the draws share patients, in training and in testing: their variance is not that of new patients"
ONLY_DRAWS = "it is made of bootstrap draws and of the model of all cases"
NOT_FIVE_BY_TWO = "the test is made for exactly 5 repeats of 2 folds"


def _flag(reason: str, right: str) -> Verdict:
    return Verdict("flagged", reason, right)


def _refuse(reason: str, right: str) -> Verdict:
    return Verdict("refused", reason, right)


def _except(*exceptions: tuple[Verdict, Iterable[str]]) -> Row:
    """Fits everywhere, with these exceptions."""
    return dict.fromkeys(SITUATIONS, FITS) | {where: verdict for verdict, places in exceptions for where in places}


_POOLED_AUC = _except(
    (_refuse(NOT_NEW, IC), [REPEATED]),
    (_refuse(NOT_NEW, RESAMPLED), [REPEATED_HOLD_OUT]),
    (_flag(MIXED_SCORES, IC), [K_FOLD, LEAVE_ONE_CENTRE_OUT]),
    (_refuse(PER_COHORT, META), [COHORTS]),
)
_DECISIONS = _except(
    (_refuse(DECISIONS, IC), [REPEATED]),
    (_refuse(DECISIONS, RESAMPLED), [REPEATED_HOLD_OUT]),
    (_flag(FOLD_MODELS, IC), [K_FOLD, LEAVE_ONE_CENTRE_OUT]),
    (_refuse(PER_COHORT, META), [COHORTS]),
)
_AVERAGED_PROBABILITIES = _except(
    (_flag(FOLD_MODELS, IC), [K_FOLD, REPEATED, LEAVE_ONE_CENTRE_OUT]),
    (_refuse(DRAWN, RESAMPLED), [REPEATED_HOLD_OUT]),
    (_refuse(PER_COHORT, META), [COHORTS]),
)
_COVARIANCE = _except((_refuse(DRAWN, RESAMPLED), [REPEATED_HOLD_OUT]), (_refuse(PER_COHORT, META), [COHORTS]))
_ONCE_POOLED = _except((_flag(PER_COHORT, META), [COHORTS]))
_RESAMPLING = _except(
    (_refuse(NO_FOLDS, DELONG), [HELD_OUT]),
    (_refuse(CENTRES, META), [LEAVE_ONE_CENTRE_OUT]),
    (_refuse(NO_OVERLAP, META), [COHORTS]),
)
_GROUPS = _except(
    (_refuse(NO_FOLDS, WALD), [HELD_OUT]),
    (_flag(SAME_FOLDS, MIXED), [REPEATED_HOLD_OUT]),
    (_flag(SAME_FOLDS, WALD), [K_FOLD, REPEATED, LEAVE_ONE_CENTRE_OUT]),
    (_flag(SAME_COHORTS, "friedman"), [COHORTS]),
)
_REPEATED_MEASURES = _except(
    (_refuse(NO_FOLDS, WALD), [HELD_OUT]),
    (_flag(OVERLAP, MIXED), [REPEATED_HOLD_OUT]),
    (_flag(OVERLAP, WALD), [K_FOLD, REPEATED, LEAVE_ONE_CENTRE_OUT]),
)
_COHORTS_ONLY = _except(
    (_refuse(ONE_COHORT, WALD), [HELD_OUT, K_FOLD, REPEATED, LEAVE_ONE_CENTRE_OUT]),
    (_refuse(ONE_COHORT, RESAMPLED), [REPEATED_HOLD_OUT]),
)
_SMALL_SETS = _except((_refuse(SMALL_SETS, CALIBRATION), SITUATIONS))

_RULES: dict[str, Row] = {
    # discrimination, over patients
    DELONG: _POOLED_AUC,
    AVERAGED: _POOLED_AUC | {REPEATED: _flag(MIXED_SCORES, IC), REPEATED_HOLD_OUT: _flag(DRAWN, RESAMPLED)},
    "unpaired delong": _except(
        (_refuse(PAIRED_ROWS, IC), [K_FOLD, REPEATED, LEAVE_ONE_CENTRE_OUT]),
        (_refuse(DRAWN, RESAMPLED), [REPEATED_HOLD_OUT]),
    ),
    IC: _COVARIANCE,
    WALD: _COVARIANCE,
    "best set": _COVARIANCE,
    # of any difference with a standard error that fits the design
    "equivalence": _except(),
    "non-inferiority": _except(),
    # decisions and probabilities, over patients
    "mcnemar": _DECISIONS,
    "cochran q": _DECISIONS,
    "nri": _AVERAGED_PROBABILITIES,
    "nri categorical": _AVERAGED_PROBABILITIES,
    "idi": _AVERAGED_PROBABILITIES,
    CALIBRATION: _ONCE_POOLED,
    DECISION_CURVE: _ONCE_POOLED,
    "calibration averaged over folds": _SMALL_SETS,
    "decision curve averaged over folds": _except((_refuse(SMALL_SETS, DECISION_CURVE), SITUATIONS)),
    "calibration on training rows": _except((_refuse(APPARENT, CALIBRATION), SITUATIONS)),
    "decision curve on training rows": _except((_refuse(APPARENT, DECISION_CURVE), SITUATIONS)),
    # over folds
    RESAMPLED: _RESAMPLING,
    "correlated bayes": _RESAMPLING,
    FIVE_BY_TWO: _RESAMPLING | dict.fromkeys([K_FOLD, REPEATED_HOLD_OUT], _refuse(NOT_FIVE_BY_TWO, RESAMPLED)),
    MIXED: _except((_refuse(NO_FOLDS, WALD), [HELD_OUT]), (_flag(CENTRES_OVERLAP, WALD), [LEAVE_ONE_CENTRE_OUT])),
    "paired t": _except(
        (_refuse(NO_FOLDS, DELONG), [HELD_OUT]),
        (_refuse(OVERLAP, RESAMPLED), [REPEATED_HOLD_OUT, K_FOLD, REPEATED]),
        (_refuse(OVERLAP, IC), [LEAVE_ONE_CENTRE_OUT]),
        (_flag(SCALES, "wilcoxon signed rank"), [COHORTS]),
    ),
    "one-way anova": _GROUPS,
    "welch anova": _GROUPS,
    "kruskal-wallis": _GROUPS,
    "repeated-measures anova": _REPEATED_MEASURES,
    # over cohorts
    "friedman": _COHORTS_ONLY,
    "nemenyi": _COHORTS_ONLY,
    "wilcoxon signed rank": _COHORTS_ONLY,
    META: _except(
        (_refuse(ONE_STUDY, DELONG), [HELD_OUT]),
        (_refuse(ONE_STUDY, RESAMPLED), [REPEATED_HOLD_OUT]),
        (_refuse(ONE_STUDY, IC), [K_FOLD, REPEATED]),
        (_flag(CENTRES_OVERLAP, IC), [LEAVE_ONE_CENTRE_OUT]),
    ),
    # over draws
    PLUS: _except(
        (_refuse(ONLY_DRAWS, DELONG), [HELD_OUT, LEAVE_ONE_OUT]),
        (_refuse(ONLY_DRAWS, RESAMPLED), [REPEATED_HOLD_OUT]),
        (_refuse(ONLY_DRAWS, IC), [K_FOLD, REPEATED, LEAVE_ONE_CENTRE_OUT]),
        (_refuse(ONLY_DRAWS, META), [COHORTS]),
    ),
}

_ANY_DESIGN = ("equivalence", "non-inferiority", CALIBRATION, DECISION_CURVE)
_NEVER = ("calibration averaged over folds", "decision curve averaged over folds", "calibration on training rows",
          "decision curve on training rows")  # fmt: skip
_OVER_PATIENTS = (DELONG, AVERAGED, WALD, "best set")
_OF_PATIENTS = ("mcnemar", "cochran q", "nri", "nri categorical", "idi")


def _one_by_one(name: str) -> Verdict:
    """What leave-one-out allows."""
    if name in (*_ANY_DESIGN, *_OVER_PATIENTS):
        return FITS
    return _flag(FOLD_MODELS, DELONG) if name in _OF_PATIENTS else _refuse(NO_FOLD_AUC, DELONG)


def _drawn(name: str) -> Verdict:
    """What a bootstrap allows."""
    if name in (*_ANY_DESIGN, PLUS):
        return FITS
    return _flag(DRAWS, PLUS) if name in (WALD, "best set") else _refuse(DRAWS, PLUS)


RULES: dict[str, Row] = {
    name: row if name in (PLUS, *_NEVER) else row | {LEAVE_ONE_OUT: _one_by_one(name), BOOTSTRAP: _drawn(name)}
    for name, row in _RULES.items()
}
"""Test -> situation -> verdict."""


OTHER_NAMES = {
    **dict.fromkeys(
        ["t", "ttest", "student t", "paired ttest", "paired student t", "paired samples t", "dependent t"], "paired t"
    ),
    **dict.fromkeys(["nadeau bengio", "corrected t", "corrected paired t"], RESAMPLED),
    **dict.fromkeys(["wilcoxon", "signed rank", "wilcoxon signed ranks"], "wilcoxon signed rank"),
    "anova": "one-way anova",
    "rm anova": "repeated-measures anova",
    "5x2cv": FIVE_BY_TWO,
    "cochran": "cochran q",
    "net reclassification improvement": "nri",
    "integrated discrimination improvement": "idi",
}
"""What tests are called besides."""


def known_test(name: str) -> str:
    """The test of ``RULES`` that is meant by a name as people write it: ``paired_t``, ``DeLong's test``, ``t-test``.
    ``ConfigError`` for a name that nobody knows."""
    words = re.sub(r"[\s_-]+", " ", name.lower().replace("'s", "")).strip()
    plain = words.removesuffix(" test")
    known = {rule.replace("-", " "): rule for rule in RULES} | OTHER_NAMES
    if plain not in known:
        raise ConfigError(unknown("test", name, RULES), path=("statistics", "tests"))
    return known[plain]


def situation_of(design_kind: str, repeats: int) -> str:
    """The situation of a design of this kind with so many repeats. ``ConfigError`` for an unknown kind, or fewer
    repeats than one."""
    if design_kind not in DESIGN_KINDS:
        raise ConfigError(unknown("kind of design", design_kind, DESIGN_KINDS))
    if repeats < 1:
        raise ConfigError(f"repeats of a design: found {repeats}, expected 1 or more")
    return DESIGN_KINDS[design_kind][repeats > 1]


def verdict_on(design_kind: str, repeats: int, test_name: str, *, folds: int | None = None) -> Verdict:
    """Whether a test fits, is flagged or is refused. ``folds`` of a k-fold design: the 5x2cv F test needs exactly 2
    (and 5 repeats). ``ConfigError`` for a test that nobody knows."""
    situation = situation_of(design_kind, repeats)
    test_name = known_test(test_name)
    if test_name == FIVE_BY_TWO and situation == REPEATED and (repeats, folds) != (5, 2):
        return _refuse(NOT_FIVE_BY_TWO, RESAMPLED)
    return RULES[test_name][situation]


def allowed(design_kind: str, repeats: int, test_name: str, *, folds: int | None = None) -> None:
    """Return if the test may be done, flagged or not; else raise ``ConfigError`` with the reason and the right
    test."""
    verdict = verdict_on(design_kind, repeats, test_name, folds=folds)
    if verdict.kind == "refused":
        situation = situation_of(design_kind, repeats)
        times = f" ({repeats} repeats)" if repeats > 1 else ""
        known = known_test(test_name)
        said = f"'{test_name}'" + (f" ({known})" if known != test_name else "")
        raise ConfigError(
            f"test {said} does not fit the design {situation}{times}: {verdict.reason}. Use '{verdict.right}' instead"
        )


def caution_of(design_kind: str, repeats: int, test_name: str, *, folds: int | None = None) -> str:
    """What must be said wherever a flagged test is shown; empty if it fits. ``ConfigError`` as ``allowed``."""
    allowed(design_kind, repeats, test_name, folds=folds)
    verdict = verdict_on(design_kind, repeats, test_name, folds=folds)
    return f"{verdict.reason}; trust '{verdict.right}'" if verdict.kind == "flagged" else ""


def fitting_tests(design_kind: str, repeats: int, *, folds: int | None = None) -> list[str]:
    """The names of all tests that fit without a caution, in the order of ``RULES``."""
    return [name for name in RULES if verdict_on(design_kind, repeats, name, folds=folds).kind == "fits"]
