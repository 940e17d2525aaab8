"""The page of a review: tables and figures as files, and one page that holds them.

Nothing is estimated here: the frames are those of ``review``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark.figures import Drawing
from benchmark.figures.review import box, forest, funnel, rules
from benchmark.figures.review import within as within_figure
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
from benchmark.reviews.review import BASE, Review, about
from benchmark.tables import MakeTable
from benchmark.tables.measures import MEASURES, title_of
from benchmark.tables.review import bias, families, pooling, published, sensitivity, small_studies, within
from benchmark.tables.rounding import count, percent, whole_percent
from benchmark.tables.scopes import Scope, slug
from benchmark.tables.words import ADJUSTMENTS

OF_REVIEW: dict[str, MakeTable] = {
    "registry": pooling.registry,
    "rule": pooling.rule,
    "published": published.verdicts,
    "implied": published.implied,
    "given": published.given,
    "from_summary": published.from_summary,
    "subgroups": families.subgroups,
    "verdicts_of_rules": sensitivity.verdicts,
    "rules": sensitivity.rules,
    "bias": bias.bias,
    "bias_effects": bias.effects,
    "gaps": pooling.gaps,
}
"""One of each per review."""

OF_POOL: dict[str, MakeTable] = {
    "summary": families.summary,
    "omnibus": families.omnibus,
    "pairs": families.pairs,
    "within": within.within,
    "mixed": within.mixed,
    "asymmetry": small_studies.asymmetry,
    "pooled": pooling.pooled,
}
"""One of each per pool and metric."""

OF_SUMMARY: dict[str, MakeTable] = {"summary_pairs": families.pairs}
"""One per published table that could be computed."""

FIGURES = {"rules": Drawing(rules.draw, rules.CAPTION)}

FIGURES_OF_POOL = {
    "box": Drawing(box.draw, box.CAPTION, beside=True),
    "within": Drawing(within_figure.draw, within_figure.CAPTION, beside=True),
    "forest": Drawing(forest.draw, forest.CAPTION),
    "funnel": Drawing(funnel.draw, funnel.CAPTION),
}

SECTIONS = {
    "asked": Section("Which studies", "", ("tables/registry", "tables/given")),
    DONE: Section("How they were compared", "", ("tables/rule",)),
    "published": Section(
        "Beside the published figures",
        "Each published figure with a verdict: reproduced, not reproduced, or cannot be known, and why.",
        ("tables/published", "tables/from_summary", "tables/summary_pairs", "tables/implied"),
    ),
    "families": Section(
        "Families",
        "The comparison of the reviews: every study's number as one independent value.",
        ("figures/box", "tables/summary", "tables/omnibus", "tables/pairs"),
    ),
    "within": Section(
        "Inside studies",
        "The same question on the same cases: studies that report several families.",
        ("figures/within", "tables/within", "tables/mixed"),
    ),
    "sensitivity": Section(
        "How much the pooling rule matters",
        "Which of a study's many figures counts is a choice; here are all choices that were declared.",
        ("figures/rules", "tables/verdicts_of_rules", "tables/rules"),
    ),
    "studies": Section("Study by study", "", ("figures/forest", "figures/funnel", "tables/asymmetry")),
    "subgroups": Section("Modality, year, split, size", "", ("tables/subgroups",)),
    "bias": Section(
        "Risk of bias", "What the registry shows of how the figures came about.", ("tables/bias_effects", "tables/bias")
    ),
    "pooled": Section("The numbers", "What the rule took from the registry.", ("tables/pooled",)),
    GAPS: Section("What could not be compared", "", ("tables/gaps",)),
    PROVENANCE: Section("Provenance", "", ()),
}
"""The page from top to bottom, by anchor; a section without anything to show is left out."""

GLOSSARY = {
    "HRF, DRF, DL": "Handcrafted radiomics features; features taken from a deep network and given to a classifier; a "
    "network trained end to end. A fusion joins several of them, or one of them and clinical variables.",
    "ANOVA, Welch, Kruskal-Wallis": "Tests of whether any family differs: of means with one spread, of means with "
    "their own spreads, of ranks. All take the numbers for independent.",
    "η², ω², f": "The share of the spread between studies that families explain (ω² less biased than η²), and the "
    "spread of the means over that within. f 0.10 is small, 0.25 medium, 0.40 large.",
    "Hedges' g": "The difference of two means in standard deviations; 0.2 is small, 0.5 medium, 0.8 large.",
    "Small-study test": "Whether small studies report higher figures than large ones. It may be that failures of small "
    "studies stay unpublished, but small studies differ in much else.",
    "RQS 2.0": "Radiomics quality score: points for how a study was designed and reported, not for how good its "
    "model is.",
    "p": "How often numbers this far apart would arise if all families were equally good and studies a random "
    "sample. A large p does not show that they are equal.",
}


def write(folder: Path, found: Review) -> Path:
    """Write all tables, figures and ``report.html`` into ``folder``, and return the page's path."""
    told = about(found)
    shown = list(_write_all(folder, found, told))
    remove_others(folder, shown, [*OF_REVIEW, *OF_POOL, *OF_SUMMARY, *FIGURES, *FIGURES_OF_POOL])
    names = {one.name for one in shown}
    always = (DONE, PROVENANCE, *([GAPS] if found.pools else []))
    kept = {name: section for name, section in SECTIONS.items() if name in always or names.intersection(section.shows)}
    return write_page(
        folder,
        kept,
        shown,
        title=told["title"] or f"Review {found.name}",
        experiment=found.name,
        facts=_facts(found, told),
        methods=_methods(found, told),
        remarks=_remarks(found),
        glossary={title_of(name): MEASURES[name].says for name in told["metrics"] if name in MEASURES} | GLOSSARY,
    )


def _write_all(folder: Path, found: Review, told: Mapping[str, Any]) -> Iterator[Shown]:
    whole = Scope("", "", found.results)
    yield from write_tables(folder, OF_REVIEW, whole, told)
    yield from write_figures(folder, FIGURES, whole, told)
    for (pool, metric), frames in found.pools.items():
        place = title_of(metric) + ("" if pool == BASE else f", {pool}")
        suffix = f"_{slug(metric)}" + ("" if pool == BASE else f"_{slug(pool)}")
        scope, here = Scope(place, suffix, frames), {**told, "metric": metric, "place": place}
        yield from write_tables(folder, OF_POOL, scope, here)
        yield from write_figures(folder, FIGURES_OF_POOL, scope, here)
    for (review, metric), pairs in _computed(found):
        scope = Scope("", f"_{slug(metric)}_{slug(review)}", {"pairs": pairs.reset_index(drop=True)})
        place = f"{title_of(metric)}, {review}"
        yield from write_tables(folder, OF_SUMMARY, scope, {**told, "metric": metric, "place": place})


def _computed(found: Review) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    """The pairs of each published table that could be computed."""
    every = found.results.get("summary_pairs", pd.DataFrame())
    if len(every):
        for names, pairs in every.groupby(["review", "metric"], sort=False):
            yield (str(names[0]), str(names[1])), pairs


def _facts(found: Review, told: Mapping[str, Any]) -> dict[str, str]:
    registry, rules_tried = found.results.get("registry"), found.results.get("rules")
    if registry is None or rules_tried is None:
        return {"published tables": count(found.results["given"][["review", "metric"]].drop_duplicates().shape[0])}
    return {
        "studies": count(registry["study_id"].nunique()),
        "published figures": count(registry["value"].notna().sum()),
        **{
            f"studies with a pooled {title_of(metric)}": count(frames["pooled"]["study"].nunique())
            for (pool, metric), frames in found.pools.items()
            if pool == BASE
        },
        "pooling rules tried": count(len(rules_tried) / len(told["metrics"])),
    }


def _methods(found: Review, told: Mapping[str, Any]) -> list[str]:
    asked = told["statistics"]
    level = percent(float(asked["level"]))
    if not found.pools:
        return [
            "The analysis of variance was computed from n, mean and standard deviation of each family as published, "
            "and only where all of them are known.",
            "What a published p implies: the F with that p, and the effect sizes that follow, for several numbers of "
            "studies, as it is not said how many have the metric.",
        ]
    return [
        "The pooling rule below makes of the registry one number per study and family; training figures do not "
        "count, and an empty cell means that the source is silent.",
        "Across families: one-way ANOVA with Tukey's pairs, Welch's test with Games and Howell's, Kruskal-Wallis "
        f"with Dunn's, adjusted by {ADJUSTMENTS[asked['adjust']]}; families of one study take no part. Intervals at "
        f"{level}.",
        "Inside studies: Wilcoxon's signed rank test, paired t and sign test of the studies that report both "
        "families; a mixed model with the study as random effect over all.",
        "Small studies: Egger's test and a regression on the number of cases; standard errors that are not printed "
        f"follow from the number of cases, {whole_percent(float(asked['event_share']))} of them taken to have the "
        "event.",
        f"Sensitivity: every combination of the declared choices; alpha {asked['alpha']:g}, not adjusted.",
    ]


def _remarks(found: Review) -> list[str]:
    if not found.pools:
        return []
    return [
        "Published studies are few and mostly positive, and differ in disease, cases and protocol: the page shows "
        "how such a comparison is made and how far it carries, not which family is better.",
        "The unpaired tests of reviews do not see that families are compared inside studies; where they and the tests "
        "inside studies differ, that is why.",
    ]
