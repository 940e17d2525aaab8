"""What the section asks of this cohort: blocks for families, and whether it can be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmark.cohort import Block, Cohort
from benchmark.described.section import AssociationSection, DescribeSection
from benchmark.errors import ConfigError, first_of
from benchmark.projection import check_projections
from benchmark.recipe import FeatureSet, blocks_of
from benchmark.yaml_file import Path_

MOST_BASELINE = 50
"""Blocks with more features are in the baseline table only if they are named."""

MOST_GROUPS = 10
MOST_PAIRS = 1_000_000


@dataclass(frozen=True)
class Association:
    """One question: ``of_blocks`` against ``with_blocks``."""

    question: str
    of_blocks: tuple[str, ...]
    with_blocks: tuple[str, ...]
    method: str
    adjust: str


@dataclass(frozen=True)
class Described:
    """``baseline``, ``univariate``: blocks. ``shown``: the feature sets with two features or more, ``too_small``: the
    names of the others, if ``projections`` are asked for."""

    baseline: tuple[str, ...]
    univariate: tuple[str, ...]
    associations: tuple[Association, ...]
    projections: tuple[str, ...]
    shown: tuple[FeatureSet, ...]
    too_small: tuple[str, ...]

    @property
    def blocks(self) -> tuple[str, ...]:
        """All blocks whose values are needed."""
        pairs = [name for one in self.associations for name in (*one.of_blocks, *one.with_blocks)]
        return tuple(dict.fromkeys([*self.baseline, *self.univariate, *pairs]))

    def told(self) -> dict[str, Any]:
        """For ``run.json``; empty if nothing is described."""
        if not (self.blocks or self.projections):
            return {}
        return {
            "baseline": list(self.baseline),
            "univariate": list(self.univariate),
            "associations": [asdict(one) for one in self.associations],
            "projections": list(self.projections),
        }

    def notes(self) -> list[str]:
        """What a reader must know besides."""
        return [f"projections: feature set '{name}' has a single feature and no picture." for name in self.too_small]


def described_of(section: DescribeSection, cohort: Cohort, sets: Sequence[FeatureSet]) -> Described:
    """The section with blocks of this cohort. Raises ``ConfigError`` with the key's place for the first mistake."""
    if section.baseline is None:
        small = [block for block in cohort.blocks.values() if block.table.shape[1] <= MOST_BASELINE]
        baseline = tuple(block.name for block in small if not block.image)
    else:
        baseline = _blocks(section.baseline, cohort, ("describe", "baseline"))
    univariate = _blocks(section.univariate, cohort, ("describe", "univariate"))
    for block in map(cohort.block, univariate):
        if len(block.categorical) == block.table.shape[1]:
            raise ConfigError(
                f"block {block.name} has only categorical columns {first_of(block.categorical)}, and a ROC curve needs "
                "numbers: declare their order (ordinal), or leave the block out",
                path=("describe", "univariate"),
            )
    associations = tuple(_association(one, cohort, place) for place, one in enumerate(section.associations))
    for place, one in enumerate(associations):
        if one.question in [other.question for other in associations[:place]]:
            raise ConfigError(f"'{one.question}' is asked twice", path=("describe", "associations", place))
    shown, too_small = _shown(section, cohort, sets)
    return Described(baseline, univariate, associations, section.projections, shown, too_small)


def _shown(
    section: DescribeSection, cohort: Cohort, sets: Sequence[FeatureSet]
) -> tuple[tuple[FeatureSet, ...], tuple[str, ...]]:
    """The feature sets that can be shown in two dimensions, and the names of the others."""
    if not section.projections:
        return (), ()
    check_projections(section.projections, "describe")
    large = [one for one in sets if sum(cohort.block(name).table.shape[1] for name in one.blocks) > 1]
    if not large:
        raise ConfigError(
            "no feature set has two features or more: there is nothing to show in two dimensions",
            path=("describe", "projections"),
        )
    return tuple(large), tuple(one.name for one in sets if one not in large)


def _blocks(names: tuple[str, ...], cohort: Cohort, path: Path_) -> tuple[str, ...]:
    try:
        return blocks_of(names, cohort)
    except ConfigError as error:
        raise ConfigError(str(error), path=path) from None


def _association(said: AssociationSection, cohort: Cohort, place: int) -> Association:
    path: Path_ = ("describe", "associations", place)
    of, others = _blocks(said.of, cohort, (*path, "of")), _blocks(said.others, cohort, (*path, "with"))
    for side, names in (("of", of), ("with", others)):
        if not names:
            raise ConfigError(f"'{side}' names no block", path=(*path, side))
    both = [name for name in of if name in others]
    if both:
        raise ConfigError(f"block {both[0]} would be compared with itself: 'with' needs other blocks", path=path)
    pairs = 1
    for names in (of, others):
        pairs *= sum(cohort.block(name).table.shape[1] for name in names)
    if pairs > MOST_PAIRS:
        raise ConfigError(f"{pairs:,} pairs of features are more than the {MOST_PAIRS:,} that are told: use blocks "
                          "with fewer columns", path=path)  # fmt: skip
    if said.method == "groups":
        for name in others:
            _check_groups(cohort.block(name), (*path, "method"))
    elif said.method != "by_kind":
        for name in (*of, *others):
            _check_numbers(cohort.block(name), said.method, (*path, "method"))
    words = "" if said.method == "by_kind" else f" ({said.method})"
    question = f"{' + '.join(said.of)} with {' + '.join(said.others)}{words}"
    return Association(question, of, others, said.method, said.adjust)


def _check_numbers(block: Block, method: str, path: Path_) -> None:
    if block.categorical:
        raise ConfigError(
            f"block {block.name} has categorical columns {first_of(block.categorical)} and {method} needs numbers: "
            "leave method out, and their categories are compared as groups",
            path=path,
        )


def _check_groups(block: Block, path: Path_) -> None:
    counts = block.table.nunique()
    many = counts[counts > MOST_GROUPS]
    if len(many):
        raise ConfigError(
            f"column '{many.index[0]}' of block {block.name} has {many.iloc[0]} values, and method groups takes each "
            f"for a group, up to {MOST_GROUPS}: leave method out, or name spearman, pearson or kendall",
            path=path,
        )
