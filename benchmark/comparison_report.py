"""The page of a comparison over cohorts: tables and figures as files, and one page that holds them.

Nothing is estimated here: the frames are those of ``comparison``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark import figures, tables
from benchmark.page import (
    DONE,
    GAPS,
    PROVENANCE,
    Section,
    Shown,
    remove_others,
    write_figures,
    write_page,
    write_tables,
)
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables import answer, protocol
from benchmark.tables.glossary import of_comparison
from benchmark.tables.rounding import count, number, percent
from benchmark.tables.scopes import Scope, slug
from benchmark.tables.words import ADJUSTMENTS, sentence

ANSWER, LIMITS, CITE = "answer", "limits", "cite"
"""Anchors of the sections that say in sentences what the numbers answer, what limits them, and how to cite the page."""

SECTIONS = {
    ANSWER: Section("In short", "", ("figures/over_cohorts",)),
    "asked": Section("Which cohorts", "", ("tables/cohorts", "tables/cohort_sources")),
    DONE: Section("How they were compared", "", ()),
    "adding": Section(
        "What a family adds",
        "Over all cohorts: how much better a model gets by one more family of features, and what to expect in the next "
        "cohort.",
        ("tables/fusions_over_cohorts", "tables/adding", "tables/pairs"),
    ),
    "forests": Section(
        "Cohort by cohort",
        "Each difference in each cohort. Squares: cohorts, their area is the weight; diamond: mean and its interval; "
        "bar: prediction interval of a new cohort.",
        ("figures/cohort_forest", "tables/cohort_differences"),
    ),
    "aucs": Section(
        "Performance", "How well each family predicts in each cohort.", ("figures/cohort_aucs", "tables/cohort_aucs")
    ),
    "ranks": Section(
        "Ranks",
        "Which families rank above others when every cohort counts alike.",
        ("figures/critical_difference", "tables/ranks", "tables/rank_tests", "tables/rank_pairs"),
    ),
    GAPS: Section("What was not compared", "", ("tables/not_compared",)),
    LIMITS: Section("Limitations", "", ()),
    CITE: Section("How to cite", "", ()),
    PROVENANCE: Section("Provenance", "", ()),
}
"""The page from top to bottom, by anchor."""

LIMITS_OF_ALL = (
    "Public cohorts are no random sample of all cohorts: a mean over them holds for cohorts of their kind.",
    "Each cohort was validated within itself, so nothing is said of a model that is taken to another hospital.",
    "One protocol cannot be the best of every cohort: other steps, classifiers or longer searches may give other AUCs.",
)
"""What limits every such comparison."""

MENUS = (tables.OF_COMPARISON, tables.OF_RANKING, figures.OF_COMPARISON, figures.OF_PAIR, figures.OF_RANKING)


def write(
    folder: Path,
    results: Mapping[str, pd.DataFrame],
    about: Mapping[str, Any],
    *,
    title: str | None = None,
    version: str = "",
    date: str = "",
    limits: Sequence[str] = (),
    kept: Mapping[str, str] | None = None,
) -> Path:
    """Write all tables, figures and ``report.html`` into ``folder``, and return the page's path; ``results`` and
    ``about`` are those of ``comparison.compare``. ``limits``: sentences on what limits this comparison beside
    ``LIMITS_OF_ALL``. ``kept``: the reports of cohorts beside the page, by cohort."""
    shown = list(_write_all(folder, results, about))
    remove_others(folder, shown, [name for menu in MENUS for name in menu])
    title = title or f"{_listed(about)} over {len(about['cohorts'])} cohorts"
    dated = ", ".join(filter(None, (f"radbench {version}".strip(), date)))
    said: dict[str, Sequence[str]] = dict.fromkeys(SECTIONS, ())
    said |= {
        ANSWER: answer.sentences(results),
        LIMITS: [*LIMITS_OF_ALL, *map(sentence, limits)],
        CITE: [f"{title}. {dated}. {_size(results['cohorts'])}."],
    }
    return write_page(
        folder,
        SECTIONS,
        shown,
        title=title,
        experiment="",
        dated=dated,
        facts=_facts(results["cohorts"], about),
        methods=_methods(results, about),
        remarks=[sentence(text) for text in about["remarks"]],
        glossary=of_comparison(results),
        said=said,
        kept=dict(kept or {}),
    )


def _write_all(folder: Path, results: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> Iterator[Shown]:
    whole = Scope("", "", dict(results))
    yield from write_tables(folder, tables.OF_COMPARISON, whole, about)
    yield from write_figures(folder, figures.OF_COMPARISON, whole, about)
    for scope in _pairs(results):
        yield from write_figures(folder, figures.OF_PAIR, scope, about)
    for scope in _rankings(results):
        yield from write_tables(folder, tables.OF_RANKING, scope, about)
        yield from write_figures(folder, figures.OF_RANKING, scope, about)


def _pairs(results: Mapping[str, pd.DataFrame]) -> Iterator[Scope]:
    """One scope per pair that is drawn: what is added, and single families."""
    meta, pairs = results["cohort_meta"], results["over_cohorts"]
    for row in pairs[pairs["question"] != "other"].to_dict("records"):
        name = f"{row['together']} minus {row['base']}"
        found = meta[(meta["first"] == row["together"]) & (meta["second"] == row["base"])]
        yield Scope("", f"_{slug(name)}", {"meta": found.assign(title=name).reset_index(drop=True)})


def _rankings(results: Mapping[str, pd.DataFrame]) -> Iterator[Scope]:
    """One scope per ranking."""
    for name in dict.fromkeys(results["ranks"]["ranking"]):
        parts = {key: results[key] for key in ("ranks", "rank_tests", "rank_pairs")}
        found = {key: frame[frame["ranking"] == name].reset_index(drop=True) for key, frame in parts.items()}
        yield Scope(str(name), f"_{slug(str(name))}", found)


def _listed(about: Mapping[str, Any]) -> str:
    """``HRF, DRF and clinical features``."""
    single = [name for name, parts in about["families"].items() if len(parts) == 1] or list(about["families"])
    return f"{' and '.join(filter(None, (', '.join(single[:-1]), single[-1])))} features"


def _size(cohorts: pd.DataFrame) -> str:
    """``6 cohorts, 1,200 cases``."""
    return f"{count(len(cohorts))} cohorts, {count(cohorts['n_cases'].sum())} cases"


def _facts(cohorts: pd.DataFrame, about: Mapping[str, Any]) -> dict[str, str]:
    sums = cohorts[["n_cases", "n_events", "recipes_tried", "models_fitted"]].astype(float).sum(min_count=1)
    facts = {
        "cohorts": len(cohorts),
        "cases": sums["n_cases"],
        "with the event": sums["n_events"],
        "models compared": len(about["families"]),
        "recipes tried": sums["recipes_tried"],
        "models fitted": sums["models_fitted"],
    }
    return {words: count(value) for words, value in facts.items() if pd.notna(value)}


def _methods(results: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> list[str]:
    asked, choice = about["statistics"], about["choice"]
    level, ways = percent(float(asked["level"])), ADJUSTMENTS.get(str(asked["adjust"]), str(asked["adjust"]))
    taken = [f"{name} {value}" for name, value in choice.items()]
    arm = (
        f"Asked for in every cohort: {', '.join(taken)}."
        if taken
        else f"Of every cohort the first design and the arm '{CHOSEN_INSIDE}' was taken, in which the inner loop picks "
        "the classifier on training rows alone; where there is one classifier, that one."
    )
    return [
        *protocol.sentences(about["protocols"]),
        "Each cohort was cross-validated or tested within itself; no case of one cohort was used in another.",
        "Models of different cohorts are matched by their families of features, whatever they are called there.",
        arm,
        "The difference of two models in one cohort has the variance of its own patients, who are scored by both.",
        "Over cohorts: random effects by restricted maximum likelihood (REML), interval and test of Hartung and Knapp, "
        "not narrower than Wald's, prediction interval of a new cohort; AUCs on the logit scale. Intervals at "
        f"{level}, p adjusted by {ways}.",
        "Two models are equivalent if their mean difference is shown to be smaller than "
        f"{number(asked['margin'], digits=2)} (two one-sided tests).",
        *(
            ["Ranks within cohorts: Friedman's test with the correction of Iman and Davenport, then Nemenyi's."]
            if len(results["ranks"])
            else []
        ),
        "The arm was fixed before any result was looked at; how many models were tried in each cohort is told above.",
    ]
