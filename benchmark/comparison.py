"""Finished results folders of several cohorts, as one comparison of families of features.

A folder is one cohort: a run, or what ``radbench stats`` made of predictions from elsewhere. Of each, one design, one
held-out role and one arm per feature set are taken, before any result is looked at: the arm chosen inside, unless
asked otherwise. Feature sets of different cohorts are matched by their families, whatever they are called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark.errors import DataError, first_of, unknown
from benchmark.folder import read_waist
from benchmark.predictions import CHOSEN_INSIDE, RECIPE
from benchmark.statistics.design_rules import caution_of
from benchmark.statistics.discrimination import discriminate
from benchmark.statistics.held_out import HeldOut, arrange
from benchmark.statistics.over_cohorts import auc_table, cohort_meta, over_cohorts, questions, rank_results, rankings
from benchmark.statistics.scored_set import ScoredSet
from benchmark.statistics.settings import Settings

ROLES = ("out-of-fold", "test", "external", "internal")
"""Which held-out role is taken, if nothing is asked for. Where cases lack blocks, it is that set of its cases on which
the feature sets have most predictions."""

NOT_COMPARED = ["cohort", "what", "reason"]
"""What a folder has and the comparison does not use, and why."""


@dataclass(frozen=True)
class Choice:
    """What is taken of each folder; None: the arm chosen inside (or the only one), the first design, the first role
    of ``ROLES``. ``design``: a name or a kind."""

    classifier: str | None = None
    preprocessing: str | None = None
    design: str | None = None
    role: str | None = None


@dataclass(frozen=True, eq=False)
class Source:
    """One folder: its ``held`` predictions of one arm per feature set, the ``families`` of each feature set, ``about``:
    the row of the table of cohorts, ``protocol``: how its models were made, ``left_out``: rows of ``NOT_COMPARED``."""

    name: str
    held: HeldOut
    families: dict[str, tuple[str, ...]]
    about: dict[str, Any]
    protocol: dict[str, Any]
    left_out: list[tuple[str, str, str]] = field(default_factory=list)


def compare(
    folders: Sequence[Path], choice: Choice, settings: Settings
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """The frames of the comparison (of ``estimates.py``, and ``cohorts`` and ``not_compared``) and what was compared,
    in words. ``DataError`` for fewer than two folders, the same cohort twice, or no pair of families in two cohorts."""
    if len(folders) < 2:
        raise DataError(f"compare: found {len(folders)} results folder, expected two or more cohorts")
    sources = _named([read_source(folder, choice) for folder in folders])
    remarks = _check_apart(sources)
    order = list(dict.fromkeys(family for one in sources for families in one.families.values() for family in families))
    scored = [_scored(one, order) for one in sources]
    parts = _parts(sources, order)
    if not questions(scored, parts):
        had = "; ".join(f"{one.name}: {', '.join(one.models)}" for one in scored)
        raise DataError(f"compare: no two models that two cohorts have. Found {had}")
    meta = cohort_meta(scored, parts, level=settings.level)
    tables, refused = rankings(auc_table(scored, list(parts)))
    results = {
        "cohorts": pd.DataFrame([one.about for one in sources]),
        "cohort_meta": meta,
        "over_cohorts": over_cohorts(
            scored, parts, meta, margin=settings.margin, level=settings.level, adjustment=settings.adjustment
        ),
        **rank_results(tables, level=settings.level, adjustment=settings.adjustment),
        "not_compared": pd.DataFrame([row for one in sources for row in one.left_out], columns=NOT_COMPARED),
    }
    return results, {
        "cohorts": [one.name for one in sources],
        "families": parts,
        "protocols": {one.name: one.protocol for one in sources},
        "choice": {name: value for name, value in asdict(choice).items() if value is not None},
        "statistics": {"level": settings.level, "adjust": settings.adjustment, "margin": settings.margin},
        "remarks": [*refused, *remarks, *_cautions(tables)],
    }


def read_source(folder: Path, choice: Choice) -> Source:
    """The chosen part of one results folder. ``DataError`` for more than two classes, or a choice that it cannot
    fulfil."""
    tables, run = read_waist(folder)
    classes = [str(label) for label in run["classes"]]
    if len(classes) != 2:
        raise DataError(f"{folder}: {len(classes)} classes ({', '.join(classes)}). Expected a binary outcome")
    predictions = tables["predictions"]
    design = _design(folder, predictions, run, choice.design)
    rows = predictions[predictions["design"] == design]
    role = _role(folder, rows, choice.role)
    rows = rows[rows["role"] == role]
    arms, left_out = _arms(folder, rows, run, choice)
    keys = pd.MultiIndex.from_frame(rows[RECIPE].astype(str))
    held = arrange(rows[keys.isin([(name, *arm) for name, arm in arms.items()])], classes)[0]
    left_out += [(f"feature set {one[0]}", gap) for one, gap in zip(held.recipes, held.gaps, strict=True) if gap]
    name = str((run.get("cohort") or {}).get("name") or run.get("experiment") or folder.name)
    return Source(
        name,
        held,
        {feature_set: _families(run, feature_set) for feature_set in arms},
        _about(name, folder, held, run, arms),
        _protocol(run, held.design),
        [(name, *row) for row in left_out],
    )


def _design(folder: Path, predictions: pd.DataFrame, run: Mapping[str, Any], asked: str | None) -> str:
    found = [str(name) for name in predictions["design"].unique()]
    kinds = {name: str((about or {}).get("kind")) for name, about in (run.get("designs") or {}).items()}
    found = [name for name in kinds if name in found] or found
    matching = [name for name in found if asked in (None, name)] or [name for name in found if kinds.get(name) == asked]
    if not matching:
        raise DataError(f"{folder}: {unknown('design', asked, [*found, *kinds.values()])}")
    return matching[0]


def _role(folder: Path, rows: pd.DataFrame, asked: str | None) -> str:
    found = [str(role) for role in rows["role"].unique()]
    if asked in found:
        return str(asked)
    sizes = rows.groupby("role")[["feature_set", "case"]].apply(lambda part: len(part.drop_duplicates())).to_dict()
    for role in ROLES if asked is None else ():
        sets = [name for name in found if name.partition(", ")[0] == role]
        if sets:
            return max(sets, key=lambda name: sizes[name])
    if asked is None and len(found) == 1:
        return found[0]
    if asked is not None:
        raise DataError(f"{folder}: {unknown('role', asked, found)}")
    raise DataError(f"{folder}: {len(found)} held-out sets: {', '.join(found)}. Choose one with --role")


def _arms(
    folder: Path, rows: pd.DataFrame, run: Mapping[str, Any], choice: Choice
) -> tuple[dict[str, tuple[str, str]], list[tuple[str, str]]]:
    """The arm (preprocessing, classifier) of each feature set that is compared, and what is not, with the reason."""
    recipes: dict[str, list[tuple[str, str]]] = {}
    for feature_set, *arm in rows[RECIPE].astype(str).drop_duplicates().itertuples(index=False, name=None):
        recipes.setdefault(feature_set, []).append((arm[0], arm[1]))
    arms = {name: _arm(f"{folder}, feature set '{name}'", found, choice) for name, found in recipes.items()}
    left_out: list[tuple[str, str]] = []
    kept: dict[frozenset[str], str] = {}
    for name in sorted(arms, key=lambda name: -len(_blocks(run, name))):  # of one family, all its blocks together
        families = frozenset(_families(run, name))
        if families in kept:
            left_out.append((f"feature set {name}", f"'{kept[families]}' has the same families and is taken"))
        else:
            kept[families] = name
    return {name: arm for name, arm in arms.items() if name in kept.values()}, left_out


def _arm(where: str, found: list[tuple[str, str]], choice: Choice) -> tuple[str, str]:
    classifier = _one(where, "classifier", {arm[1] for arm in found}, choice.classifier)
    return _one(
        where, "preprocessing", {arm[0] for arm in found if arm[1] == classifier}, choice.preprocessing
    ), classifier


def _one(where: str, what: str, found: set[str], asked: str | None) -> str:
    """The asked one, else the one chosen inside, else the only one."""
    for name in (asked,) if asked else (CHOSEN_INSIDE, *(found if len(found) == 1 else ())):
        if name in found:
            return name
    if asked:
        raise DataError(f"{where}: {unknown(what, asked, sorted(found))}")
    raise DataError(
        f"{where}: {len(found)} choices of {what} ({', '.join(sorted(found))}) and none '{CHOSEN_INSIDE}'. "
        f"Choose one with --{what}"
    )


def _blocks(run: Mapping[str, Any], feature_set: str) -> list[str]:
    return list(((run.get("feature_sets") or {}).get(feature_set) or {}).get("blocks") or ())


def _families(run: Mapping[str, Any], feature_set: str) -> tuple[str, ...]:
    """As the run says; of predictions from elsewhere, the parts of the model's name between plus signs."""
    told = ((run.get("feature_sets") or {}).get(feature_set) or {}).get("families")
    return tuple(map(str, told)) if told else tuple(part.strip() for part in feature_set.split("+"))


def _about(
    name: str, folder: Path, held: HeldOut, run: Mapping[str, Any], arms: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    cohort, tried, design = run.get("cohort") or {}, run.get("tried") or {}, run.get("designs") or {}
    # a model from elsewhere has neither
    preprocessings, classifiers = (
        list(dict.fromkeys(arm[place] for arm in arms.values() if arm[place])) for place in (0, 1)
    )
    titles = run.get("classifiers") or {}
    return {
        "cohort": name,
        "experiment": run.get("experiment") or folder.name,
        "design": held.design,
        **{key: (design.get(held.design) or {}).get(key) for key in ("kind", "folds", "repeats", "grouped")},
        "role": held.role,
        "n_cases": len(held.cases),
        "n_patients": len(held.cases) if held.patient is None else int(held.patient.max() + 1),
        "n_events": held.events,
        "preprocessing": ", ".join(preprocessings),
        "classifier": ", ".join(str(titles.get(one) or one) for one in classifiers),
        "feature_sets": len(arms),
        "recipes_tried": tried.get("recipes"),
        "models_fitted": tried.get("models"),
        "centres": len(cohort.get("batches") or ()) or None,
        "imported": bool(run.get("imported")),
        "title": run.get("title") or run.get("experiment") or folder.name,
        "blocks": "; ".join(_features(block) for block in cohort.get("blocks") or ()),
        "source": cohort.get("source") or "",
        "licence": cohort.get("licence") or "",
    }


def _features(block: Mapping[str, Any]) -> str:
    """``HRF: 1015`` or ``PET (HRF): 257``."""
    name, family = str(block["name"]), str(block["family"])
    return f"{name if name == family else f'{name} ({family})'}: {block['n_features']}"


def _protocol(run: Mapping[str, Any], design: str) -> dict[str, Any]:
    """What the run says of how its models were made; empty for predictions from elsewhere."""
    names = ("preprocessings", "classifiers", "class_weight", "tuning", "seed")
    told = {name: run[name] for name in names if name in run}
    return {**told, "design": (run.get("designs") or {}).get(design) or {}} if told.get("preprocessings") else {}


def _named(sources: list[Source]) -> list[Source]:
    """With names that differ: the experiment's where two cohorts have one name."""
    names = [one.name for one in sources]
    for one in sources:
        if names.count(one.name) > 1:
            one.about["cohort"] = f"{one.name} ({one.about['experiment']})"
    renamed = [str(one.about["cohort"]) for one in sources]
    again = [name for name in renamed if renamed.count(name) > 1]
    if again:
        raise DataError(
            f"compare: two folders of one cohort and experiment: {first_of(dict.fromkeys(again))}. Expected different "
            "cohorts"
        )
    return [
        Source(name, one.held, one.families, one.about, one.protocol, [(name, *row[1:]) for row in one.left_out])
        for name, one in zip(renamed, sources, strict=True)
    ]


def _check_apart(sources: Iterable[Source]) -> list[str]:
    """``DataError`` if two folders hold the same cases; what else must be said of names in common."""
    common = {}
    for one, other in combinations(sources, 2):
        mine, yours = ({*zip(map(str, s.held.cases), s.held.y.tolist(), strict=True)} for s in (one, other))
        if mine == yours:
            raise DataError(
                f"compare: '{one.name}' and '{other.name}' hold the same {len(mine)} cases with the same outcomes. "
                "Expected different patients: one cohort does not count twice"
            )
        shared = len({case for case, _ in mine} & {case for case, _ in yours})
        if shared:
            common[f"{one.name} and {other.name}"] = shared
    if not common:
        return []
    return [
        f"Pairs of cohorts with names of cases in common: {first_of(common)}, up to {max(common.values())} names. If "
        "these are the same patients, the cohorts are not independent and the intervals are too narrow"
    ]


def _scored(source: Source, order: Sequence[str]) -> ScoredSet:
    aucs = discriminate(source.held).by_measure["auc"]
    source.about["method"] = aucs.method
    return ScoredSet(
        source.name, tuple(_label(source.families[recipe[0]], order) for recipe in source.held.recipes), aucs
    )


def _label(families: Iterable[str], order: Sequence[str]) -> str:
    return " + ".join(sorted(set(families), key=list(order).index))


def _parts(sources: Iterable[Source], order: Sequence[str]) -> dict[str, list[str]]:
    """The families of each model, fewer first, in the order in which the cohorts name them."""
    every = {
        _label(families, order): sorted(set(families), key=list(order).index)
        for one in sources
        for families in one.families.values()
    }
    return dict(sorted(every.items(), key=lambda item: len(item[1])))


def _cautions(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What the rules of the design say of the tests that are shown."""
    shown = ("friedman", "nemenyi", "wilcoxon signed rank", "paired t") if tables else ()
    told = {test: caution_of("several_cohorts", 1, test) for test in (*shown, "random-effects meta-analysis")}
    return [f"{test}: {caution}" for test, caution in told.items() if caution]
