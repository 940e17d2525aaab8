"""LA301, LA302: control arms. The same experiment where nothing can be predicted, through the whole nested design.

LA301 gives the patients each other's outcomes. LA302 puts random numbers of the same shape where the image features
were; outcome, centres and patients stay. Either way an honest AUC is 0.5, and one whose interval lies above has seen
its test cases: for instance a selection made before the folds.

The AUCs of m draws are averaged. The draws are independent given the cohort, so the variance of their mean is the
mean of the run's own variances over m. An arm is red if 0.5 is below the lower limit at a level that is wrong for
any arm of a control in 1 % of honest experiments (Bonferroni). An AUC below 0.5 is no leak: cross-validation of few
cases leans that way.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from benchmark.audit.finding import Finding, not_checked
from benchmark.audit.subject import Subject
from benchmark.cohort import Block, Cohort
from benchmark.errors import BenchmarkError
from benchmark.plan import make_plan
from benchmark.predictions import APPARENT
from benchmark.recipe import FeatureSet, Preprocessing
from benchmark.runner import run
from benchmark.seeds import seed_for
from benchmark.splits import Design, Split, make_splits
from benchmark.store import Store
from benchmark.waist import collect

WRONG = 0.01
"""How often a control of an honest experiment is red."""
FOLDS = 10
"""Of the cross-validation that stands for leave-one-out."""
NOISE_BETWEEN_READINGS = 0.1
"""SD of a further reading around the first, in SDs of the feature: random features are well reproduced."""


def permuted(subject: Subject) -> Iterator[Finding]:
    """LA301."""
    within = subject.budget.within_centres
    yield _control(
        subject,
        "LA301",
        lambda seed: permuted_cohort(subject.cohort, seed=seed, within_centres=within),
        subject.recipes,
        "outcomes of patients permuted" + (" within centres" if within else ""),
    )


def random_features(subject: Subject) -> Iterator[Finding]:
    """LA302: of the feature sets, what they have of image blocks; of all blocks if there is no image."""
    recipes = list(_image_recipes(subject))
    yield _control(
        subject,
        "LA302",
        lambda seed: noise_cohort(subject.cohort, seed=seed),
        recipes,
        "numbers of image features random",
    )


def permuted_cohort(cohort: Cohort, *, seed: int, within_centres: bool = False) -> Cohort:
    """The cohort in which each patient has the outcomes of another, of the same centre if ``within_centres``. The
    outcomes of a patient go together; a patient with more cases than the other repeats them."""
    rng = np.random.default_rng(seed)
    places = cohort.patient.groupby(cohort.patient, sort=True).indices
    owners = np.array(list(places), object)
    centre = np.zeros(len(owners), object)
    if within_centres and cohort.batch is not None:
        centre = np.array([cohort.batch.iloc[places[owner][0]] for owner in owners], object)
    outcome, old = cohort.outcome.to_numpy(object).copy(), cohort.outcome.to_numpy(object)
    for one in pd.unique(centre):
        here = owners[centre == one]
        for owner, other in zip(here, rng.permutation(here), strict=True):
            outcome[places[owner]] = np.resize(old[places[other]], len(places[owner]))
    return replace(cohort, outcome=pd.Series(outcome, index=cohort.cases, name=cohort.outcome.name))


def noise_cohort(cohort: Cohort, *, seed: int, every: bool = False) -> Cohort:
    """The cohort with random numbers for those of the image blocks (of all blocks if there is none, or with
    ``every``), standard normal, and readings that reproduce them well. Missing values stay unless ``every``."""
    rng = np.random.default_rng(seed)
    image = any(block.image for block in cohort.blocks.values())
    blocks = {
        name: _noise(block, rng, gaps=not every) if every or block.image or not image else block
        for name, block in cohort.blocks.items()
    }
    return replace(cohort, blocks=blocks)


def _noise(block: Block, rng: np.random.Generator, *, gaps: bool) -> Block:
    table = block.table.copy()
    numeric = [column for column in table.columns if column not in block.categorical]
    for column in block.categorical:
        table[column] = rng.permutation(table[column].to_numpy(object))
    values = pd.DataFrame(rng.normal(size=(len(table), len(numeric))), index=table.index, columns=numeric)
    table[numeric] = values.where(table[numeric].notna()) if gaps else values
    readings = block.readings
    if readings is not None and not readings.external:
        shape = readings.values.shape
        first = rng.normal(size=(shape[0], shape[2]))
        rows = table.index.get_indexer(readings.subjects)
        columns = pd.Index(numeric).get_indexer(pd.Index(readings.features))
        known = np.ix_(rows >= 0, columns >= 0)
        first[known] = values.to_numpy()[np.ix_(rows[rows >= 0], columns[columns >= 0])]
        again = first[:, None] + NOISE_BETWEEN_READINGS * rng.normal(size=shape)
        again[:, 0] = first
        readings = replace(readings, values=np.where(np.isnan(readings.values), np.nan, again))
    return replace(block, table=table, readings=readings)


def _image_recipes(subject: Subject) -> Iterator[tuple[FeatureSet, Preprocessing]]:
    """The recipes with what their feature sets have of blocks that become noise, each once."""
    image = {name for name, block in subject.cohort.blocks.items() if block.image} or set(subject.cohort.blocks)
    found: dict[tuple[tuple[str, ...], str], tuple[FeatureSet, Preprocessing]] = {}
    for feature_set, preprocessing in subject.recipes:
        blocks = tuple(name for name in feature_set.blocks if name in image)
        if blocks:
            one = FeatureSet(" + ".join(blocks), blocks)
            found.setdefault((blocks, preprocessing.name), (one, preprocessing))
    yield from found.values()


def _control(
    subject: Subject,
    code: str,
    make: Callable[[int], Cohort],
    recipes: Sequence[tuple[FeatureSet, Preprocessing]],
    what: str,
) -> Finding:
    """The verdict over all draws of a control."""
    draws = subject.budget.permutations
    if draws == 0:
        return not_checked(code, "no permutations were asked for")
    tables, failures = [], list[str]()
    for draw in range(1, draws + 1):
        cohort = make(seed_for(subject.prepared.experiment.seed, "audit", code, draw))
        try:
            tables += [_aucs(subject, cohort, recipes, failures)]
        except BenchmarkError as error:
            failures.append(str(error))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    table = table.dropna(subset=["estimate", "variance"]) if len(table) else table
    if not len(table):
        return not_checked(code, f"no control arm could be fitted: {failures[0] if failures else 'no AUC'}")
    return _verdict(code, table, f"{what}, {draws} draws")


def _aucs(
    subject: Subject, cohort: Cohort, recipes: Sequence[tuple[FeatureSet, Preprocessing]], failures: list[str]
) -> pd.DataFrame:
    """The AUCs of the recipes on one draw, as the run estimates them."""
    asked = subject.prepared.experiment
    splits: list[Split] = []
    for design in asked.designs:
        splits += [
            split for split in make_splits(cohort, _lean(design), seed=asked.seed) if APPARENT not in split.roles
        ]
    parts = []
    for feature_set, preprocessing in recipes:
        plan = make_plan(
            cohort, splits, [feature_set], [preprocessing], list(subject.choices),
            tuning=subject.tuning, seed=asked.seed,
        )  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            run(plan, Path(folder), workers=subject.budget.workers)
            # of a partial cohort each arm is judged on the cases that it has, not on those that several arms share
            waist = collect(replace(plan, cohort=replace(cohort, partial=False)), Store(Path(folder)))
        failures += list(waist.failures["reason"])
        named = waist.predictions["classifier"].isin([choice.name for choice in subject.choices])
        parts.append(waist.predictions[named])
    predictions = pd.concat(parts, ignore_index=True)
    return subject.aucs(predictions, cohort.classes) if len(predictions) else pd.DataFrame()


def _lean(design: Design) -> Design:
    """One repeat of a design. Leave-one-out becomes cross-validation: a model per case costs too much, and below
    chance it leans the most."""
    if design.kind == "leave_one_out":
        return replace(design, kind="kfold", folds=FOLDS)
    return replace(design, repeats=1)


def _verdict(code: str, table: pd.DataFrame, what: str) -> Finding:
    """One arm per design, role and model."""
    arms = table.groupby(["design", "role", "model"], sort=False)
    z = float(special.ndtri(1 - WRONG / 2 / arms.ngroups))
    rows = []
    for (design, role, model), part in arms:
        auc, error = part["estimate"].mean(), np.sqrt(part["variance"].mean() / len(part))
        rows.append((auc - z * error, auc, auc + z * error, f"{design}, {role}, {model}"))
    low, auc, high, where = max(rows)
    interval = f"joint {100 * (1 - WRONG):.0f}% interval {low:.3f} to {high:.3f}, {len(rows)} arms"
    told = f"AUC {auc:.3f} ({interval}), {what}"
    if low > 0.5:
        return Finding(code, "LEAK", where, f"{told}: should be 0.5")
    lowest = min(rows, key=lambda row: row[2])
    if lowest[2] < 0.5:
        return Finding(code, "NOTE", lowest[3], f"AUC {lowest[1]:.3f}, {what}: below 0.5, which no leak does")
    return Finding(code, "OK", where, f"{told}: covers 0.5")
