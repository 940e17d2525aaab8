"""The tests that an experiment asks for by name, beside those that every report has: first minus reference, each pair.

A test that does not fit the design is refused before anything is run (``design_rules``); one that fits with a caution
carries it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError
from benchmark.estimates import FURTHER_TESTS
from benchmark.statistics.corrected_resampled import corrected_resampled_test, ratio_of_sizes
from benchmark.statistics.correlated_bayes import correlated_bayes
from benchmark.statistics.decisions import decide
from benchmark.statistics.design_rules import allowed, caution_of
from benchmark.statistics.discrimination import Discrimination, against_reference, all_pairs, averaged
from benchmark.statistics.five_by_two import five_by_two
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.mcnemar import cochran_q, count_pairs, mcnemar
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.performance import thresholds_of
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.reclassification import idi, nri_categorical, nri_continuous
from benchmark.statistics.settings import Settings
from benchmark.statistics.training import Trained

Rows = list[dict[str, Any]]

MCNEMAR, COCHRAN = "mcnemar", "cochran q"
ALL_MODELS = "all models"
UNCLUSTERED = "several cases of a patient are taken as independent, so p is too small"


@dataclass(frozen=True, eq=False)
class Asked:
    """What a test may look at: held-out predictions, the AUCs of the folds, thresholds from training rows, and the
    ``pairs`` (m, 2) of models to compare."""

    held: HeldOut
    found: Discrimination
    trained: Trained
    pairs: np.ndarray
    settings: Settings

    @property
    def differences(self) -> np.ndarray:
        """First minus second AUC in each fold of each repeat, (J, m)."""
        folds = np.array([self.found.fold_auc[place] for place in self.held.places])
        return folds[:, self.pairs[:, 0]] - folds[:, self.pairs[:, 1]]

    @property
    def ratio(self) -> float:
        """n_test/n_train of the folds."""
        sizes = np.array([np.sum(self.held.fold[:, r] == f) for r, f in self.held.places])
        return ratio_of_sizes(sizes, len(self.held.y) - sizes)


def check_tests(tests: Iterable[str], designs: Mapping[str, Mapping[str, Any]]) -> None:
    """``ConfigError`` for a test that is unknown or does not fit a design, with the reason and the right one."""
    for test in tests:
        for name, about in designs.items():
            try:
                allowed(*_situation(about), test, folds=about.get("folds"))
            except ConfigError as error:
                raise ConfigError(f"{name}: {error}", path=("statistics", "tests")) from None


def further_tests(
    held: HeldOut, found: Discrimination, trained: Trained, about: Mapping[str, Any], settings: Settings
) -> pd.DataFrame:
    """Rows of ``FURTHER_TESTS`` of one design and role, of the tests that are asked for: against the reference, or of
    all pairs without one. ``about``: what the run says of the design. p is adjusted within a test."""
    pairs = all_pairs(held) if settings.reference is None else against_reference(held, settings.reference)
    asked = Asked(held, found, trained, pairs, settings)
    labels = np.array(held.labels, object)
    tables = []
    for test in settings.tests:
        if test not in TESTS | OF_ALL or not len(pairs):
            continue
        of_all = test in OF_ALL
        told = pd.DataFrame((OF_ALL if of_all else TESTS)[test](asked)).assign(
            design=held.design,
            role=held.role,
            test=test,
            first=ALL_MODELS if of_all else labels[pairs[:, 0]],
            second="" if of_all else labels[pairs[:, 1]],
            level=settings.level,
            adjustment=settings.adjustment,
            caution=_caution(held, about, test),
        )
        tables.append(told.assign(p_adjusted=adjust(told["p"].to_numpy(float), settings.adjustment)))
    return pd.concat(tables, ignore_index=True)[FURTHER_TESTS] if tables else pd.DataFrame(columns=FURTHER_TESTS)


def _caution(held: HeldOut, about: Mapping[str, Any], test: str) -> str:
    clustered = UNCLUSTERED if test in (MCNEMAR, COCHRAN) and held.patient is not None else ""
    return "; ".join(filter(None, [caution_of(*_situation(about), test, folds=about.get("folds")), clustered]))


def _situation(about: Mapping[str, Any]) -> tuple[str, int]:
    return str(about.get("kind", "holdout")), int(about.get("repeats") or 1)


def _columns(measure: str, method: str, **columns: Any) -> Rows:
    values = zip(*(np.asarray(column, float) for column in columns.values()), strict=True)
    return [dict(zip(columns, row, strict=True)) | {"measure": measure, "method": method} for row in values]


def _corrected_resampled(asked: Asked) -> Rows:
    found = corrected_resampled_test(asked.differences, ratio=asked.ratio, level=asked.settings.level)
    df = np.full(len(asked.pairs), found.df)
    return _columns("auc", "Nadeau-Bengio 2003 over folds", difference=found.difference, low=found.low,
                    high=found.high, statistic=found.statistic, df=df, p=found.p)  # fmt: skip


def _correlated_bayes(asked: Asked) -> Rows:
    margin = asked.settings.margin
    found = correlated_bayes(asked.differences, ratio=asked.ratio, rope=margin, level=asked.settings.level)
    nothing = np.full(len(asked.pairs), np.nan)
    rows = _columns("auc", "", difference=found.difference, low=found.low, high=found.high, statistic=nothing,
                    df=np.full(len(nothing), found.df), p=nothing)  # fmt: skip
    for row, worse, same, better in zip(rows, found.worse, found.equivalent, found.better, strict=True):
        said = f"worse {worse:.3f}, equivalent within {margin} {same:.3f}, better {better:.3f}"
        row["method"] = f"posterior probabilities: {said} (Corani and Benavoli 2015)"
    return rows


def _five_by_two(asked: Asked) -> Rows:
    found = five_by_two(asked.differences.reshape(5, 2, -1))
    nothing = np.full(len(asked.pairs), np.nan)
    return _columns("auc", "Alpaydin 1999 over folds", difference=found.difference, low=nothing, high=nothing,
                    statistic=found.statistic, df=nothing, p=found.p)  # fmt: skip


def _right(asked: Asked) -> np.ndarray:
    """Whether each model decides each case rightly, (n_cases, k); NaN where it does not decide."""
    held = asked.held
    calls = decide(held.scores[..., 0], held.fold, thresholds_of(held, asked.trained, asked.settings))[:, 0]
    return np.where(np.isnan(calls), np.nan, calls == (held.y == 1)[:, None])


def _mcnemar(asked: Asked) -> Rows:
    settings, right = asked.settings, _right(asked)
    rows = []
    for first, second in asked.pairs:
        known = ~np.isnan(right[:, [first, second]]).any(1)
        counts = count_pairs(right[known, first], right[known, second]) if known.all() else None
        test = mcnemar(counts, level=settings.level)
        rows.append({"difference": test.difference, "low": test.low, "high": test.high, "statistic": np.nan,
                     "df": np.nan, "p": test.p_exact})  # fmt: skip
    return [row | {"measure": "accuracy", "method": f"exact, {settings.rule.title}"} for row in rows]


def _cochran_q(asked: Asked) -> Rows:
    test = cochran_q(_right(asked))
    row = dict.fromkeys(("difference", "low", "high"), np.nan) | {
        "statistic": test.statistic,
        "df": test.df,
        "p": test.p,
    }
    return [row | {"measure": "accuracy", "method": f"df {test.df}, {asked.settings.rule.title}"}]


def _reclassified(asked: Asked, improvement: Callable[..., Any], measure: str, method: str) -> Rows:
    pooled = average_over_repeats(asked.held.scores[..., 0], asked.held.fold)
    rows = []
    for first, second in asked.pairs:
        found = improvement(
            asked.held.y, pooled[:, second], pooled[:, first], level=asked.settings.level, patient=asked.held.patient
        )
        rows.append({"difference": found.estimate, "low": found.low, "high": found.high,
                     "statistic": found.statistic, "df": np.nan, "p": found.p})  # fmt: skip
    return [row | {"measure": measure, "method": method + averaged(asked.held)} for row in rows]


def _nri(asked: Asked) -> Rows:
    return _reclassified(
        asked, lambda *given, **named: nri_continuous(*given, **named).nri, "nri", "continuous, Pencina 2011"
    )


def _nri_categorical(asked: Asked) -> Rows:
    cuts = asked.settings.risk_categories
    method = f"categories from {', '.join(f'{cut:g}' for cut in cuts)} on, Pencina 2008"
    return _reclassified(
        asked, lambda y, old, new, **named: nri_categorical(y, old, new, cuts, **named).nri, "nri", method
    )


def _idi(asked: Asked) -> Rows:
    return _reclassified(asked, lambda *given, **named: idi(*given, **named).idi, "idi", "Pencina 2008")


TESTS: dict[str, Callable[[Asked], Rows]] = {
    "corrected resampled t": _corrected_resampled,
    "correlated bayes": _correlated_bayes,
    "5x2cv f": _five_by_two,
    MCNEMAR: _mcnemar,
    "nri": _nri,
    "nri categorical": _nri_categorical,
    "idi": _idi,
}
"""What can be asked for beside what every report has; all of them are in ``design_rules.RULES``."""

OF_ALL: dict[str, Callable[[Asked], Rows]] = {COCHRAN: _cochran_q}
"""Tests of all models at once."""
