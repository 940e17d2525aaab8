"""The sentences that tables, figures and the report share: where an estimate comes from, what a model is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from benchmark.predictions import CHOSEN_INSIDE, RECIPE
from benchmark.tables.order import Run, declared
from benchmark.tables.rounding import count, percent

ADJUSTMENTS = {
    "holm": "Holm",
    "hochberg": "Hochberg",
    "hommel": "Hommel",
    "bonferroni": "Bonferroni",
    "bh": "Benjamini-Hochberg",
    "by": "Benjamini-Yekutieli",
}

NOT_ESTIMATED = "; not estimated: "
"""Between a method and the reason why it gave no number."""

RECALIBRATIONS = {"": "none", "platt": "Platt", "intercept": "intercept alone", "isotonic": "isotonic"}

FEW = 10
"""Fewer cases of a class than these are too few for intervals and tests that suppose many."""

KINDS = {
    "kfold": "cross-validation",
    "holdout": "hold-out",
    "shuffle_split": "shuffle-split",
    "leave_one_out": "leave-one-out",
    "bootstrap": "bootstrap",
    "roles": "predefined roles",
    "leave_one_centre_out": "leave-one-centre-out",
}


def classifier_title(run: Run, name: str) -> str:
    """``Logistic regression (L1)`` for ``logistic_l1``; a preprocessing has its own name, or that of the chosen arm."""
    return str((run.get("classifiers") or {}).get(name) or name)


def model_title(run: Run, feature_set: str, preprocessing: str, classifier: str) -> str:
    """``HRF + DRF, Logistic regression (L1)``: the preprocessing only where the experiment has several, and "chosen
    inside" once."""
    parts = [feature_set, preprocessing] if len(declared(run, "preprocessings")) > 1 else [feature_set]
    names = [*parts, CHOSEN_INSIDE if classifier == CHOSEN_INSIDE else classifier_title(run, classifier)]
    return ", ".join(name for name in dict.fromkeys(names) if name)


def feature_words(block: str, feature: str, unit: str = "") -> str:
    """``age``; ``HRF score`` and ``HRF PC1 (after PCA)`` of what a step has made or changed beyond its unit."""
    if not unit:
        return feature
    return f"{block} {feature}" + ("" if feature.startswith(unit) else f" (after {unit})")


def words_of_features(features: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], str]:
    """The words of each (block, feature, unit), led by the block for all of a block that shares a name with another."""
    words = {one: feature_words(*one) for one in features}
    alike = Counter(words.values())
    sharing = {one[0] for one, said in words.items() if alike[said] > 1}
    return {one: f"{one[0]} {said}" if one[0] in sharing and not one[2] else said for one, said in words.items()}


def level_words(run: Run, block: str, feature: str, level: str) -> str:
    """A level by its name: ``III``, where the table had an order of names and the level is a place in it."""
    names = ((run.get("orders") or {}).get(block) or {}).get(feature) or ()
    return str(names[int(level)]) if level.isdigit() and int(level) < len(names) else level


def design_words(run: Run, design: str) -> str:
    """``5-fold cross-validation, repeated 5 times, grouped by patient``; the name alone if nothing is known of it."""
    about = (run.get("designs") or {}).get(design) or {}
    kind = str(about.get("kind") or design)
    words = KINDS.get(kind, kind.replace("_", " "))
    if words == "cross-validation" and about.get("folds"):
        words = f"{about['folds']}-fold {words}"
    if (about.get("repeats") or 1) > 1:
        words += f", repeated {about['repeats']} times"
    return words + (", grouped by patient" if about.get("grouped") else "")


def place_words(run: Run, design: str, role: str) -> str:
    """``kfold (5-fold cross-validation), out-of-fold cases``."""
    about = design_words(run, design)
    what, _, which = role.partition(", ")
    return f"{design if about == design else f'{design} ({about})'}, {what} cases" + (f", {which}" if which else "")


def place_of(frame: pd.DataFrame, run: Run) -> str:
    """Where the rows of a frame of one design and role come from."""
    return place_words(run, str(frame["design"].iloc[0]), str(frame["role"].iloc[0]))


def interval_heading(frame: pd.DataFrame) -> str:
    """``95% CI``, at the level of the rows."""
    found = frame["level"].dropna() if "level" in frame.columns else pd.Series(dtype=float)
    return f"{percent(float(found.iloc[0]))} CI" if len(found) else "CI"


def cases_words(frame: pd.DataFrame) -> str:
    """``293 cases, 120 with the event``; empty where the rows differ or do not say."""
    sizes = frame[["n_cases", "n_events"]].drop_duplicates()
    if len(sizes) != 1 or pd.isna(sizes.iloc[0]["n_cases"]):
        return ""
    events = sizes.iloc[0]["n_events"]
    return f"{count(sizes.iloc[0]['n_cases'])} cases" + ("" if pd.isna(events) else f", {count(events)} with the event")


def few_words(frame: pd.DataFrame) -> str:
    """A warning if a class has fewer than ``FEW`` cases; empty if not, or if the rows do not say."""
    events = frame["n_events"].astype(float)
    least = pd.concat([events, frame["n_cases"].astype(float) - events]).min()
    if not least < FEW:
        return ""
    return (
        f"Warning: {count(least)} cases in the smaller class. Intervals and p values suppose many cases, and cannot be "
        f"relied on with fewer than {FEW}."
    )


def tried_words(run: Run, *, chosen: bool) -> str:
    """How many models were tried: the sentence without which a best result must not be read. ``chosen``: there is an
    arm chosen inside."""
    tried = run.get("tried") or {}
    parts = [
        f"{count(tried[key])} {words}"
        for key, words in (("recipes", "recipes"), ("models", "fitted models"), ("trials", "hyperparameter candidates"))
        if tried.get(key)
    ]
    if not parts:
        return ""
    honest = f" The arm '{CHOSEN_INSIDE}' is free of that choice." if chosen else ""
    return f"Tried: {', '.join(parts)}. The best of them looks better than it is, by the choice alone.{honest}"


def method_notes(frame: pd.DataFrame, titles: dict[str, str]) -> list[str]:
    """``AUC, Pooled AUC: DeLong (logit).``: the methods that the rows name, with what each was used for."""
    used: dict[str, list[str]] = {}
    for measure, title in titles.items():
        for method in frame.loc[frame["measure"] == measure, "method"].dropna().astype(str).unique():
            if method.casefold() not in ("", title.casefold()) and NOT_ESTIMATED not in method:
                used.setdefault(method, []).append(title)
    return [sentence(f"{', '.join(names)}: {method}") for method, names in used.items()]


def method_words(frame: pd.DataFrame) -> list[str]:
    """The methods that the rows name, each once."""
    found = [str(method) for method in frame["method"].dropna().unique() if str(method)]
    return [sentence(method[0].upper() + method[1:]) for method in found]


def gap_notes(frame: pd.DataFrame, titles: dict[str, str], run: Run) -> list[str]:
    """``Not estimated: Accuracy of HRF, LDA: one fold failed.``: what the rows say of estimates that are missing."""
    method = frame["method"].fillna("").astype(str)
    missing = frame[frame["measure"].isin(titles) & method.str.contains(NOT_ESTIMATED, regex=False)]
    reasons: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for row in missing.to_dict("records"):
        measures, models = reasons.setdefault(str(row["method"]).split(NOT_ESTIMATED, 1)[1], ({}, {}))
        measures[titles[row["measure"]]] = None
        models[model_title(run, *(str(row[column]) for column in RECIPE))] = None
    return [
        sentence(f"Not estimated: {', '.join(measures)} of {_first(list(models))}: {reason}")
        for reason, (measures, models) in reasons.items()
    ]


def _first(names: list[str]) -> str:
    """At most three of many names."""
    return "; ".join(names[:3]) + (f" and {count(len(names) - 3)} more models" if len(names) > 3 else "")


def sentence(text: str) -> str:
    """The text with a full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
