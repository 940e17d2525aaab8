"""What was run, as the lower half reads it: ``run.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from benchmark.choices import told_name
from benchmark.classifiers import CLASSIFIERS
from benchmark.cohort import Block, Cohort
from benchmark.described.asked import described_of
from benchmark.experiment import Experiment
from benchmark.plan import Plan
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.recipe import FeatureSet, Preprocessing, steps_key, touched_blocks
from benchmark.reliability import count_bands, survey
from benchmark.splits import Split
from benchmark.steps import STEPS
from benchmark.waist import Waist


def describe(experiment: Experiment, plan: Plan, sets: Sequence[FeatureSet], waist: Waist) -> dict[str, Any]:
    """The contents of ``run.json``: what was asked, of which cohort, how, and how many models were tried."""
    cohort, splits = plan.cohort, plan.splits
    described = described_of(experiment.describe, cohort, sets)
    lists = {name: told_name(name, levels) for name, levels in experiment.choices.items()}
    return {
        "experiment": experiment.name,
        "title": experiment.title or experiment.name,
        "study": experiment.study and experiment.study.model_dump(exclude={"shape"}),
        "cohort": _cohort(cohort, experiment),
        "orders": {
            name: {feature: list(map(str, levels)) for feature, levels in block.ordinal.items()}
            for name, block in experiment.cohort.blocks.items()
            if block.ordinal
        },
        "reliability": _reliability(cohort),
        "describe": described.told(),
        "classes": list(cohort.classes),
        "positive": cohort.positive if len(cohort.classes) == 2 else None,
        "designs": {
            design.name: {
                "kind": design.kind,
                "folds": len({split.fold for split in splits if split.design == design.name}),
                "repeats": len({split.repeat for split in splits if split.design == design.name}),
                "grouped": cohort.grouped,
            }
            for design in experiment.designs
        },
        "feature_sets": _feature_sets(experiment, sets, cohort),
        "preprocessings": {item.name: item.words() for item in experiment.preprocessings},
        **_choices(experiment, sets, cohort),
        "classifiers": _classifier_titles(experiment),
        "class_weight": experiment.classifiers[0].class_weight,
        "tuning": asdict(experiment.tuning),
        "statistics": experiment.statistics.model_dump(exclude_none=True),
        "tried": _tried(plan, splits, waist),
        "skipped": list(plan.skipped),
        "unfinished": waist.unfinished,
        "notes": [
            *_notes(experiment.preprocessings, lists, sets, cohort),
            *_shared_patient_notes(splits, cohort),
            *_policy_notes(waist, lists),
            *_remark_notes(waist, lists),
            *described.notes(),
            *follow_up_notes(cohort),
        ],
        **_for_results(experiment, cohort),
        "seed": experiment.seed,
    }


def _for_results(experiment: Experiment, cohort: Cohort) -> dict[str, Any]:
    """The follow-up and the subgroups by which results are told; nothing where none is declared."""
    said, follow_up, told = experiment.cohort.follow_up, cohort.follow_up, {}
    if said is not None and follow_up is not None:
        known = follow_up.table.dropna()
        told["follow_up"] = {
            "time": said.time,
            "event": said.event,
            "risk": follow_up.risk,
            "n_cases": len(known),
            "n_events": int(known["event"].sum()),
        }
    if len(cohort.subgroups.columns):
        levels = {name: column.value_counts(sort=False) for name, column in cohort.subgroups.items()}
        told["subgroups"] = {
            str(name): {str(level): int(n) for level, n in counts.items()} for name, counts in levels.items()
        }
    return told


def follow_up_notes(cohort: Cohort) -> list[str]:
    """Who has no follow-up, and whether it seems that the other class is the risk."""
    if cohort.follow_up is None:
        return []
    known, risk = cohort.follow_up.table.dropna(), cohort.follow_up.risk
    gone, notes = len(cohort.cases) - len(known), []
    if gone:
        notes.append(f"Follow-up: {gone} of {len(cohort.cases)} cases have none, left out of survival by risk.")
    sums = known.groupby(cohort.outcome[known.index] == risk).sum()
    rate = sums["event"] / sums["time"]
    if risk and len(rate) == 2 and rate[True] < rate[False]:
        other = next(label for label in cohort.classes if label != risk)
        notes.append(
            f"Follow-up: the event is rarer per time among cases of class '{risk}' than among the others, and a high "
            f"probability of '{risk}' is taken for a high risk. If it is a low one, say follow_up: {{risk: {other}}}."
        )
    return notes


def _feature_sets(experiment: Experiment, sets: Sequence[FeatureSet], cohort: Cohort) -> dict[str, dict[str, Any]]:
    """The feature sets, and under names like theirs the fusions of them and the imported models."""
    blocks = {item.name: item.blocks for item in sets}
    fused = {fusion.name: tuple(dict.fromkeys(block for part in fusion.of for block in blocks[part]))
             for fusion in experiment.fusions}  # fmt: skip
    told = {
        name: {
            "blocks": list(parts),
            "families": list(dict.fromkeys(cohort.block(block).family for block in parts)),
            "n_cases": len(cohort.cases_with(parts)),
        }
        for name, parts in {**blocks, **fused}.items()
    }
    for fusion in experiment.fusions:
        known = [cohort.cases_with(blocks[part]) for part in fusion.of]
        told[fusion.name] |= {"fusion": fusion.words(), "n_cases": len(set().union(*known))}
    everyone = {"blocks": [], "families": [], "n_cases": len(cohort.cases)}
    return told | {name: {**everyone, "imported": said.file} for name, said in experiment.imported.items()}


def _choices(experiment: Experiment, sets: Sequence[FeatureSet], cohort: Cohort) -> dict[str, Any]:
    """The level of each factor by preprocessing, and which factors touch the blocks of each feature set; nothing
    without choices."""
    if not experiment.choices:
        return {}
    touching = {item.name: _touching(experiment, item, cohort) for item in sets}
    for fusion in experiment.fusions:
        touching[fusion.name] = list(dict.fromkeys(factor for part in fusion.of for factor in touching[part]))
    return {
        "choices": {name: dict(levels) for name, levels in experiment.choices.items()},
        "choices_touching": touching,
    }


def _touching(experiment: Experiment, item: FeatureSet, cohort: Cohort) -> list[str]:
    """The factors whose levels do something else to the blocks of a feature set, all other levels alike."""
    work = {one.name: steps_key(item, one, cohort) for one in experiment.preprocessings}
    found = []
    for factor in next(iter(experiment.choices.values())):
        alike: dict[tuple[str, ...], set[str]] = {}
        for name, levels in experiment.choices.items():
            others = tuple(level for other, level in levels.items() if other != factor)
            alike.setdefault(others, set()).add(work[name])
        if any(len(keys) > 1 for keys in alike.values()):
            found.append(factor)
    return found


def _cohort(cohort: Cohort, experiment: Experiment) -> dict[str, Any]:
    counts = cohort.outcome.value_counts()
    return {
        "name": cohort.name,
        "n_cases": len(cohort.cases),
        "n_patients": int(cohort.patient.nunique()),
        "n_events": int(counts[cohort.positive]) if len(cohort.classes) == 2 else None,
        "classes": {label: int(counts[label]) for label in cohort.classes},
        "batches": {} if cohort.batch is None else _counts(cohort.batch),
        "roles": {} if cohort.role is None else _counts(cohort.role),
        "blocks": [_block(block) for block in cohort.blocks.values()],
        "dropped": [asdict(item) for item in cohort.dropped],
        "missing_cases": experiment.cohort.missing_cases,
        "source": experiment.cohort.source,
        "licence": experiment.cohort.licence,
    }


def _reliability(cohort: Cohort) -> list[dict[str, Any]]:
    """How many features of each block are how reliable, over all its readings: told, and used by nothing."""
    readings = {name: block.readings for name, block in cohort.blocks.items() if block.readings is not None}
    if not readings:
        return []
    counted = count_bands(readings, survey(readings))
    told = counted.assign(family=[cohort.block(str(name)).family for name in counted["block"]]).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in told]


def _block(block: Block) -> dict[str, Any]:
    return {
        "name": block.name,
        "family": block.family,
        "n_features": block.table.shape[1],
        "n_missing_values": int(block.table.isna().to_numpy().sum()),
        "readings": 1 if block.readings is None else block.readings.values.shape[1],
        "source": block.source,
    }


def _counts(column: Any) -> dict[str, int]:
    return {str(value): int(count) for value, count in column.value_counts().sort_index().items()}


def _classifier_titles(experiment: Experiment) -> dict[str, str]:
    titles = {choice.name: CLASSIFIERS[choice.name].title for choice in experiment.classifiers}
    for choice in experiment.classifiers:
        if choice.params:
            said = ", ".join(f"{key}={value}" for key, value in choice.params.items())
            titles[choice.name] += f" ({said})"
    titles |= {ensemble.name: f"{ensemble.name} ({ensemble.words()})" for ensemble in experiment.ensembles}
    return titles | ({CHOSEN_INSIDE: "Chosen inside"} if len(titles) > 1 else {})


def _tried(plan: Plan, splits: Sequence[Split], waist: Waist) -> dict[str, int]:
    recipes = {
        (unit.feature_set.name, unit.preprocessing.name, choice.name)
        for unit in plan.units
        for choice in unit.classifiers
    }
    return {
        "recipes": len(recipes),
        "models": sum(len(unit.records) for unit in plan.units),
        "trials": len(waist.trials),
        "splits": len(splits),
        "failed": len(waist.failures),
    }


def _notes(
    preprocessings: Sequence[Preprocessing], lists: Mapping[str, str], sets: Sequence[FeatureSet], cohort: Cohort
) -> list[str]:
    """Which steps do not touch which blocks, and which step is transductive: said, never guessed at by the reader, and
    once for all preprocessings that come from one of the ``lists`` of the file."""
    notes: dict[str, None] = {}
    for preprocessing in preprocessings:
        name = lists.get(preprocessing.name, preprocessing.name)
        for step in preprocessing.steps:
            kind = STEPS[step.name]
            untouched = [
                block
                for block in dict.fromkeys(block for item in sets for block in item.blocks)
                if not touched_blocks(step, FeatureSet("", (block,)), cohort)
            ]
            if untouched and step.families is None:
                why = "repeated readings" if kind.needs_readings else "image features"
                notes[f"{step.name} ({name}) touches only {why}: not {', '.join(untouched)}."] = None
            if step.params.get("unseen") == "own_rows":
                notes[
                    f"{step.name} ({name}) is transductive for batches unseen in training: it estimates "
                    "them from the held-out rows' own features (never their outcome)."
                ] = None
    return list(notes)


def _policy_notes(waist: Waist, lists: Mapping[str, str]) -> list[str]:
    """Which held-out rows went which way, summed over the splits of one feature set; once where preprocessings of one
    list agree."""
    notes: dict[str, None] = {}
    table = waist.policies[waist.policies["side"] == "test"]
    for (design, preprocessing, step), part in table.groupby(["design", "preprocessing", "step"], sort=False):
        first = part[part["feature_set"] == part["feature_set"].iloc[0]]
        counts = first.groupby("policy", sort=False)["rows"].sum()
        told = ", ".join(f"{rows} {policy}" for policy, rows in counts[counts > 0].items())
        name = lists.get(str(preprocessing), str(preprocessing))
        notes[f"{step} ({name}, {design}): of {counts.sum()} held-out rows over all splits, {told}."] = None
    return list(notes)


def _remark_notes(waist: Waist, lists: Mapping[str, str]) -> list[str]:
    """What steps had to tell, and in how many of the fits on outer training rows."""
    notes = []
    remarks, timings = (
        table.assign(preprocessing=table["preprocessing"].replace(lists)) for table in (waist.remarks, waist.timings)
    )
    fitted = timings[timings["stage"] == "steps"]
    for (design, preprocessing, step, remark), part in remarks.groupby(
        ["design", "preprocessing", "step", "remark"], sort=False
    ):
        sets = ", ".join(dict.fromkeys(part["feature_set"]))
        fits = int(((fitted["design"] == design) & (fitted["preprocessing"] == preprocessing)).sum())
        notes.append(f"{step} ({preprocessing}, {design}; {sets}): {remark}, in {len(part)} of {fits} fits.")
    return notes


def _shared_patient_notes(splits: Sequence[Split], cohort: Cohort) -> list[str]:
    """How many training rows were left out because their patient was tested."""
    left_out: dict[str, int] = {}
    for split in splits:
        others = cohort.cases.difference(split.train).difference(split.test)
        tested = cohort.patient[others].isin(cohort.patient[split.test])
        left_out[split.design] = left_out.get(split.design, 0) + int(tested.sum())
    return [
        f"{design}: {count} training rows over all splits left out, as their patient was tested."
        for design, count in left_out.items()
        if count
    ]
