"""A simulated cohort of the shape of a published study: its cases, patients, centres, blocks, classes and readings.

The features of image blocks follow the model of ``benchmark.readers.simulated``; in addition rows of one patient are
alike, and every class of every outcome, and every level of a column of labels, moves features of its own. The truth of
the paper's data is not known, so its figures are not expected here: only its design can be run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError, unknown
from benchmark.readers.declaration import BlockDeclaration, CohortDeclaration, FollowUpDeclaration, OutcomeDeclaration
from benchmark.readers.imported import ImportedDeclaration
from benchmark.readers.simulated import CLASSES, GROUP
from benchmark.seeds import seed_for
from benchmark.study import ShapeSection

CORRELATION = 0.5
"""Of two features of a group, and of two rows of a patient."""
CENTRE_SHIFT, CENTRE_SCALE, LEVEL_SHIFT = 0.8, 0.2, 0.4
"""SD of what a centre adds to a feature and of the log of its scale, and of what a level adds, in SD of the feature."""
LOWEST_ICC, HIGHEST_ICC = 0.4, 0.98
PLACE = ("study", "shape")
"""Of the shape in the file."""
MEAN_TIME, HAZARD_RATIO = 40.0, 2.5
"""Until the event, of patients without risk, and of those with it against them."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The labels of the cases (index: case), the codes of their patients and centres, and the centred (n_cases, q)
    indicators of the classes that features may depend on."""

    labels: pd.DataFrame
    patient: np.ndarray
    centre: np.ndarray
    contrasts: np.ndarray


def simulate_study(
    cohort: CohortDeclaration,
    outcomes: Mapping[str, OutcomeDeclaration],
    imported: Mapping[str, ImportedDeclaration],
    shape: ShapeSection,
    *,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """Every table that a declared cohort and its ``imported`` models are read from, by file name.

    Raises ``ConfigError`` where the shape does not say how large a declared block is, or which classes an outcome has.
    """
    said = [cohort.outcome] if cohort.outcome is not None else list(outcomes.values())
    _check_blocks(cohort, shape)
    _check_labels(cohort, said, shape)
    rows = _rows(cohort, said, shape, np.random.default_rng(seed_for(seed, "study", "cases")))
    labels = (*said, cohort.patient, cohort.batch, cohort.role, cohort.follow_up)
    placed = [one for one in (*labels, *cohort.covariates.values(), *cohort.subgroups.values()) if one is not None]
    tables = {one.file: rows.labels for one in placed if one.file is not None}
    for name, block in cohort.blocks.items():
        rng = np.random.default_rng(seed_for(seed, "study", name))
        tables |= _block_tables(cohort.family(name), block, rows, shape.features[name], shape, rng)
    for name, model in imported.items():
        rng = np.random.default_rng(seed_for(seed, "study", "imported", name))
        tables[model.file] = _imported(model, outcomes.get(model.outcome or "", said[0]), rows, rng)
    return {file: table.rename_axis(cohort.case[0]).reset_index() for file, table in tables.items()}


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Save the tables as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, table in tables.items():
        table.to_csv(folder / file, index=False)


def _check_blocks(cohort: CohortDeclaration, shape: ShapeSection) -> None:
    for name in shape.features:
        if name not in cohort.blocks:
            raise ConfigError(unknown("block", name, cohort.blocks), path=(*PLACE, "features", name))
    for name, block in cohort.blocks.items():
        if name not in shape.features:
            raise ConfigError(f"the shape does not say how many features the block '{name}' has", path=PLACE)
        if block.reading or block.test_retest or (block.readings and not shape.rereads):
            said = "rereads of 1 or more" if block.readings else "readings: FILE, the one way of reading again it knows"
            raise ConfigError(f"the shape cannot make the readings of '{name}': expected {said}", path=PLACE)


def _check_labels(cohort: CohortDeclaration, outcomes: list[OutcomeDeclaration], shape: ShapeSection) -> None:
    for outcome in outcomes:
        if outcome.column not in shape.classes:
            raise ConfigError(f"the shape does not say which classes '{outcome.column}' has", path=PLACE)
    for what, key in (("patient", "patients"), ("batch", "centres"), ("role", "roles")):
        if getattr(cohort, what) is not None and not getattr(shape, key):
            raise ConfigError(f"the cohort declares its {what}, and the shape does not say its {key}", path=PLACE)
    for label in (*cohort.covariates.values(), *cohort.subgroups.values()):
        if label.block is None and label.column not in shape.levels:
            raise ConfigError(f"the shape does not say the levels of '{label.column}'", path=PLACE)


def _rows(
    cohort: CohortDeclaration, outcomes: list[OutcomeDeclaration], shape: ShapeSection, rng: np.random.Generator
) -> Rows:
    """Patients one after the other, so that each is of one centre; external cases are the last ones, other roles are
    drawn."""
    n = shape.cases
    patient = _patients((shape.centres or {"": n}).values(), shape.patients or n, rng)
    cases = pd.Index([f"CASE-{number:0{len(str(n))}d}" for number in range(1, n + 1)])
    labels = pd.DataFrame(index=cases)
    centre = _runs(shape.centres or {"centre A": n}, patient)
    words = (cohort.role.values if cohort.role else None) or {}
    role = _roles(shape.roles or {"train": n}, words, patient, rng)
    owner = patient if shape.outcome_per == "patient" else np.arange(n)
    for outcome in outcomes:
        labels[outcome.column] = _dealt(shape.classes[outcome.column], owner, role, rng)
    for said, values in ((cohort.patient, patient), (cohort.batch, centre), (cohort.role, role)):
        if said is not None:
            labels[said.column] = values if said is not cohort.patient else [f"P{number + 1:04d}" for number in patient]
    for column, levels in shape.levels.items():
        labels[column] = np.array(levels, object)[rng.integers(len(levels), size=patient.max() + 1)[patient]]
    if cohort.follow_up is not None:
        risk = cohort.follow_up.risk if cohort.follow_up.risk is not None else outcomes[0].positive
        labels = labels.join(_followed(cohort.follow_up, labels[outcomes[0].column] == str(risk), patient, rng))
    return Rows(labels, patient, pd.factorize(centre)[0], _contrasts(labels, outcomes))


def _patients(centres: Iterable[int], n_patients: int, rng: np.random.Generator) -> np.ndarray:
    """The owner of each row, (n_cases,): every patient has one row or more, and every centre as many rows as it
    counts, of patients in proportion."""
    rows = np.array(list(centres))
    spare, more = rows.sum() - len(rows), n_patients - len(rows)
    ends = np.round(np.cumsum(rows - 1) * (more / spare if spare else 0)).astype(int)
    owners = np.diff(ends, prepend=0) + 1
    first = np.cumsum(owners) - owners
    others = [rng.integers(of, size=n - of) for of, n in zip(owners, rows, strict=True)]
    numbers = zip(first, owners, others, strict=True)
    return np.concatenate([start + np.sort(np.concatenate([np.arange(of), again])) for start, of, again in numbers])


def _runs(counts: Mapping[str, int], patient: np.ndarray) -> np.ndarray:
    """Rows in order, as many of each name as it counts; a patient at a border stays whole."""
    names = np.repeat(np.array(list(counts), object), list(counts.values()))
    return names[np.searchsorted(patient, patient)]


def _roles(
    counts: Mapping[str, int], values: Mapping[str, str], patient: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The role of each row, under the names of ``counts``, which ``values`` translates: as many as counted, as far as
    whole patients allow."""
    inside = [name for name in counts if values.get(name, name) != "external"]
    ordered = {name: counts[name] for name in [*inside, *counts]}
    first, sizes = np.unique(patient, return_index=True, return_counts=True)[1:]
    of_patient = _runs(ordered, patient)[first]
    drawn = rng.permutation(np.flatnonzero(np.isin(of_patient, inside)))
    for name in inside[:-1]:
        drawn = _filled(of_patient, name, counts[name], drawn, sizes)
    if inside:
        of_patient[drawn] = inside[-1]
    return of_patient[np.searchsorted(patient[first], patient)]


def _filled(of_patient: np.ndarray, name: str, room: int, drawn: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Write ``name`` to the first patients of ``drawn`` that have room, and give back the others."""
    left = []
    for one in drawn:
        if sizes[one] <= room:
            of_patient[one], room = name, room - sizes[one]
        else:
            left.append(one)
    return np.array(left, int)


def _dealt(counts: Mapping[str, int], owner: np.ndarray, role: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A class for each row, alike for the rows of an owner, so that every role has its share of every class."""
    first = np.unique(owner, return_index=True)[1]
    order = np.lexsort([rng.random(len(first)), pd.factorize(role[first])[0]])
    total = sum(counts.values())
    quota = [np.arange(0.5, share := count * len(first) / total) / share for count in counts.values()]
    names = np.repeat(np.array(list(counts), object), [len(one) for one in quota])
    dealt = names[np.argsort(np.concatenate(quota), kind="stable")]
    by_owner = np.empty(len(first), object)
    by_owner[order] = np.resize(dealt, len(first))
    return by_owner[np.searchsorted(owner[first], owner)]


def _followed(
    said: FollowUpDeclaration, at_risk: pd.Series, patient: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Exponential times to the event, the shorter ones of patients ``at_risk`` (n_cases,), and to the end of
    observation, which comes first for about half of them."""
    rate = np.where(np.bincount(patient, at_risk) > 0, HAZARD_RATIO, 1.0) / MEAN_TIME
    event, end = rng.exponential(1 / rate), rng.exponential(1 / rate.mean(), len(rate))
    label = "1" if said.event_label is None else str(said.event_label)
    time = np.maximum(np.round(np.minimum(event, end), 1), 0.1)
    return pd.DataFrame(
        {said.time: time[patient], said.event: np.where(event <= end, label, "0")[patient]}, index=at_risk.index
    )


def _contrasts(labels: pd.DataFrame, outcomes: Iterable[OutcomeDeclaration]) -> np.ndarray:
    columns = []
    for outcome in outcomes:
        classes = list(dict.fromkeys(labels[outcome.column]))
        shown = classes if len(classes) > 2 else [str(outcome.positive) if outcome.positive is not None else classes[0]]
        columns += [(labels[outcome.column] == label).to_numpy(float) for label in shown]
    found = np.column_stack(columns) if columns else np.zeros((len(labels), 1))
    return found - found.mean(axis=0)


def _block_tables(
    family: str,
    said: BlockDeclaration,
    rows: Rows,
    features: int | Mapping[str, list[float] | list[str]],
    shape: ShapeSection,
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    if not isinstance(features, int):
        return {said.file: _named_columns(features, rows, shape, rng)}
    names = _feature_names(family, features)
    first, second = _image_features(features, rows, shape, rng)
    cases = rows.labels.index
    reread = np.sort(rng.permutation(len(cases))[: shape.rereads])
    tables = {said.file: pd.DataFrame(first, cases, names)}
    return tables | {file: pd.DataFrame(second[reread], cases[reread], names) for file in said.readings}


def _feature_names(family: str, n: int) -> list[str]:
    if family.startswith("HRF"):
        return [f"original_{CLASSES[k % len(CLASSES)]}_F{k + 1:04d}" for k in range(n)]
    return [f"{'deep' if family.startswith('DRF') else family}_{k:05d}" for k in range(n)]


def _image_features(n: int, rows: Rows, shape: ShapeSection, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(n_cases, n) as two readers measure them; a family that is read once has the first."""
    n_cases, group = len(rows.labels), np.arange(n) // GROUP
    effects = np.zeros(n)
    informative = rng.permutation(group[-1] + 1)[: shape.informative] * GROUP
    effects[informative] = shape.effect * rng.choice([-1.0, 1.0], len(informative))
    signal = rows.contrasts[:, np.arange(n) // GROUP % rows.contrasts.shape[1]]
    own = _alike(rows.patient, rng.normal(size=(n_cases, n)), rng)
    factor = _alike(rows.patient, rng.normal(size=(n_cases, group[-1] + 1)), rng)[:, group]
    true = np.sqrt(CORRELATION) * factor + np.sqrt(1 - CORRELATION) * own + effects * signal
    icc = np.where(effects != 0, rng.uniform(0.85, HIGHEST_ICC, n), rng.uniform(LOWEST_ICC, HIGHEST_ICC, n))
    error = np.sqrt((1 - icc) / icc)
    location, unit = rng.uniform(5, 20, n), 10 ** rng.uniform(-2, 3, n)
    shift, scale = _of_labels(rows, shape, n, rng)
    readers = [location + unit * (shift + scale * (true + error * rng.normal(size=true.shape))) for _ in range(2)]
    return readers[0], readers[1]


def _alike(patient: np.ndarray, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Standard normal values of rows, correlated where rows are of one patient."""
    if len(np.unique(patient)) == len(patient):
        return values
    shared = rng.normal(size=(patient.max() + 1, values.shape[1]))[patient]
    return np.sqrt(CORRELATION) * shared + np.sqrt(1 - CORRELATION) * values


def _of_labels(rows: Rows, shape: ShapeSection, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """What centres and levels add to each value, and by what they scale it, each (n_cases, n)."""
    n_centres = rows.centre.max() + 1
    shift, scale = np.zeros((len(rows.labels), n)), np.ones((len(rows.labels), n))
    if n_centres > 1:
        shift = rng.normal(0, CENTRE_SHIFT, (n_centres, n))[rows.centre]
        scale = np.exp(rng.normal(0, CENTRE_SCALE, (n_centres, n)))[rows.centre]
    for column, levels in shape.levels.items():
        code = pd.Categorical(rows.labels[column], levels).codes
        shift = shift + rng.normal(0, LEVEL_SHIFT, (len(levels), n))[code]
    return shift, scale


def _named_columns(
    features: Mapping[str, list[float] | list[str]], rows: Rows, shape: ShapeSection, rng: np.random.Generator
) -> pd.DataFrame:
    """Numbers of a range (three SD wide on either side) and levels, half of them depending on the outcome."""
    columns = {}
    for place, (name, values) in enumerate(features.items()):
        effect = shape.effect if place % 2 == 0 else 0.0
        signal = rows.contrasts[:, place // 2 % rows.contrasts.shape[1]]
        z = _alike(rows.patient, rng.normal(size=(len(signal), 1)), rng)[:, 0] + effect * signal
        if isinstance(values[0], str):
            code = np.searchsorted(np.quantile(z, np.arange(1, len(values)) / len(values)), z)
            columns[name] = pd.Series(np.array(values, object)[code], rows.labels.index)
        else:
            low, high = map(float, (values[0], values[-1]))
            number = np.clip((low + high) / 2 + (high - low) / 6 * z, low, high)
            columns[name] = pd.Series(np.round(number, 1 if high - low > 5 else 3), rows.labels.index)
    table = pd.DataFrame(columns)
    return table.mask(rng.uniform(size=table.shape) < shape.missing)


def _imported(
    said: ImportedDeclaration, outcome: OutcomeDeclaration, rows: Rows, rng: np.random.Generator
) -> pd.DataFrame:
    """Probabilities of a model that knows something."""
    truth = rows.labels[outcome.column]
    labels = list(said.scores) or [str(outcome.positive)]
    logits = np.column_stack([1.2 * (truth == label) - 0.6 + rng.normal(size=len(truth)) for label in labels])
    if said.score is not None:
        found = pd.DataFrame({said.score: 1 / (1 + np.exp(-logits[:, 0]))}, truth.index)
    else:
        share = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        found = pd.DataFrame(share, truth.index, [said.scores[label] for label in labels])
    return found if said.truth is None else found.assign(**{said.truth: truth})
