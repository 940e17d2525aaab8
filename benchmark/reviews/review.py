"""A review from its file to the tidy frames of its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark.errors import ConfigError, unknown
from benchmark.reviews import bias, families, published, sensitivity, small_studies, subgroups, summary, within
from benchmark.reviews.pooling import pool
from benchmark.reviews.registry import read_registry
from benchmark.reviews.review_file import PoolingSection, ReviewFile
from benchmark.yaml_file import YamlFile, parse, read_yaml

Frames = dict[str, pd.DataFrame]

BASE = "as declared"


@dataclass(frozen=True, eq=False)
class Review:
    """``results``: frames of the whole review; ``pools``: those of one pool and metric, by their names; ``files``: what
    was read."""

    told: ReviewFile
    name: str
    results: Frames
    pools: dict[tuple[str, str], Frames]
    files: tuple[Path, ...]


def review(path: Path) -> Review:
    """Read the file and what it names, and compute everything. Raises ``ConfigError`` or ``DataError`` for the first
    mistake."""
    file = read_yaml(path)
    told = parse(ReviewFile, file)
    try:
        return _reviewed(file, told)
    except ConfigError as error:
        raise (file.locate(error) if error.path else error) from None


def _reviewed(file: YamlFile, told: ReviewFile) -> Review:
    folder, files = file.path.parent, [file.path]
    results: Frames = {}
    pools: dict[tuple[str, str], Frames] = {}
    if told.studies is not None:
        rules = {BASE: told.pooling, **{name: one.over(told.pooling) for name, one in told.pools.items()}}
        named = [one for rule in rules.values() for parts in rule.families.values() for one in parts]
        registry = read_registry(folder / told.studies, families=named)
        files.append(folder / told.studies)
        _check(registry, told)
        results, pools = _of_registry(registry, told, rules)
    if told.summary is not None:
        given = summary.read_summary(folder / told.summary)
        files.append(folder / told.summary)
        tests, pairs = summary.from_summary(given, level=told.statistics.level)
        results |= {"given": given, "from_summary": tests, "summary_pairs": pairs}
    if told.published is not None:
        results |= _published(told, pools, results)
    return Review(told, told.name or file.path.stem, results, pools, tuple(files))


def _check(registry: pd.DataFrame, told: ReviewFile) -> None:
    """The names that the file gives, before any work."""
    known = registry.loc[registry["value"].notna(), "metric"].unique()
    for place, metric in enumerate(told.metrics):
        if metric not in known:
            raise ConfigError(unknown("metric", metric, known), path=("metrics", place))
    subgroups.check_columns(told.subgroups)
    if told.published is not None:
        published.check_names(told.published, told.metrics, list(told.pooling.families), told.subgroups)


def _of_registry(
    registry: pd.DataFrame, told: ReviewFile, rules: Mapping[str, PoolingSection]
) -> tuple[Frames, dict[tuple[str, str], Frames]]:
    asked, metrics = told.statistics, told.metrics
    pools, gaps = {}, []
    for name, rule in rules.items():
        for metric in metrics:
            pooled = pool(registry, rule, metric)
            able = families.tested(pooled)[0]["group"].nunique() >= 2
            if not able:
                gaps.append((name, metric, _too_few(pooled)))
            if len(pooled):
                pools[name, metric] = _of_pool(pooled, told, metric)
    _refuse(gaps, metrics)
    biases = bias.biases(registry, fewest=told.bias.fewest)
    tried = sensitivity.rules(registry, told.pooling, told.sensitivity, metrics)
    groups = [subgroups.subgroups(registry, told.pooling, one, told.subgroups, level=asked.level) for one in metrics]
    risks = [bias.effects(registry, biases, told.pooling, one) for one in metrics]
    return {
        "registry": registry,
        "subgroups": pd.concat(groups, ignore_index=True),
        "rules": tried,
        "verdicts_of_rules": sensitivity.verdicts(tried, alpha=asked.alpha),
        "highest": sensitivity.highest(tried),
        "bias": biases,
        "bias_effects": pd.concat(risks, ignore_index=True),
        "gaps": pd.DataFrame(gaps, columns=["pool", "metric", "reason"]),
    }, pools


def _of_pool(pooled: pd.DataFrame, told: ReviewFile, metric: str) -> Frames:
    asked = told.statistics
    frames = {
        "pooled": pooled,
        "summary": families.summary(pooled, level=asked.level),
        "omnibus": families.omnibus(pooled, level=asked.level, draws=asked.draws, seed=told.seed),
        "pairs": families.pairs(pooled, level=asked.level, adjustment=asked.adjust),
        "within": within.within(pooled, level=asked.level),
        "mixed": within.mixed(pooled, level=asked.level),
    }
    errors = small_studies.standard_errors(pooled, metric, level=asked.level, event_share=asked.event_share)
    return frames | {"errors": errors, "asymmetry": small_studies.asymmetry(errors, level=asked.level)}


def _too_few(pooled: pd.DataFrame) -> str:
    n = ", ".join(f"{name} {size}" for name, size in pooled["group"].value_counts(sort=False).items()) or "no study"
    return f"studies per family: {n}; two families with two studies or more are needed"


def _refuse(gaps: list[tuple[str, str, str]], metrics: tuple[str, ...]) -> None:
    """The declared rule has to leave something to compare in at least one metric."""
    base = [reason for name, _, reason in gaps if name == BASE]
    if len(base) == len(metrics):
        raise ConfigError(f"this pooling rule leaves nothing to compare, {metrics[0]}: {base[0]}", path=("pooling",))


def _published(told: ReviewFile, pools: Mapping[tuple[str, str], Frames], results: Frames) -> Frames:
    section, asked = told.published, told.statistics
    if section is None:
        return {}
    found = {
        metric: published.Found(
            summary=frames["summary"],
            omnibus=frames["omnibus"],
            pairs=frames["pairs"],
            subgroups=results["subgroups"][results["subgroups"]["metric"] == metric],
        )
        for (name, metric), frames in pools.items()
        if name == BASE
    }
    judged = published.verdicts(section, found, level=asked.level, alpha=asked.alpha) if pools else pd.DataFrame()
    return {
        "published": judged,
        "implied": published.implied(section),
        "missing": published.missing(section),
    }


def about(found: Review) -> dict[str, Any]:
    """What the page says besides the frames."""
    told = found.told
    return {
        "name": found.name,
        "title": told.title,
        "metrics": list(told.metrics),
        "families": {name: list(parts) for name, parts in told.pooling.families.items()},
        "pooling": told.pooling.model_dump(),
        "pools": {name: one.model_dump(exclude_unset=True) for name, one in told.pools.items()},
        "subgroups": {name: one.model_dump() for name, one in told.subgroups.items()},
        "statistics": told.statistics.model_dump(),
        "fewest": told.bias.fewest,
        "published": told.published.model_dump() if told.published else {},
    }
