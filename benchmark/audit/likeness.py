"""LA403 to LA405: images known by their features, whatever their names: the same, alike, or made from others.

The same: equal values in all features of an image block. Alike: each other's nearest neighbour, and much nearer than
anybody else (the ratio of the distances to the nearest and to the second nearest case; Lowe's test of matches between
pictures), as two masks drawn on one image give. Distances are Euclidean over the ranks of the features, so that no
scale or outlier decides. Made: on the straight line between two cases of its class, as SMOTE makes them.

Source: Lowe (2004), International Journal of Computer Vision 60:91, section 7.1; Chawla et al. (2002), Journal of
Artificial Intelligence Research 16:321.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import rankdata

from benchmark.audit.finding import Finding, examples, not_checked, ok
from benchmark.audit.sides import name_of, parted, sides_of
from benchmark.audit.subject import Subject
from benchmark.checks.cases import FEWEST_FEATURES, same_features
from benchmark.checks.numbers import Numbers, numbers

RATIO = 0.5
"""Of the distances to the nearest and the second nearest case: below it a pair is alike."""
FEWEST_ALIKE = 20
"""Features from which on strangers are not alike by chance."""
NEAR = 0.1
"""A pair is alike as well below this share of the median distance of all pairs, where three or more are one image."""
SAME = 1e-3
"""Difference in interquartile ranges, in three of four features, below which a pair is one image with noise on it."""
NEIGHBOURS = 10
STRAIGHT = 1e-6
"""How far the cosine between the ways to two neighbours may be from -1."""


def same_images(subject: Subject) -> Iterator[Finding]:
    """LA403: the same features, or nearly, on both sides of a split."""
    parts = _image_parts(subject)
    if not parts:
        yield not_checked("LA403", f"no image block with {FEWEST_FEATURES} features or more")
        return
    groups = [(part, group) for part in parts for group in same_features(part)]
    position = {case: place for place, case in enumerate(subject.cohort.cases)}
    found = [(part, [position[case] for case in group]) for part, group in groups]
    found += [(part, [i, j]) for part in parts for i, j, _ in alike(part) if _nearly_equal(part, i, j)]
    yield _on_both_sides(subject, "LA403", "LEAK", found, "the same image")


def look_alikes(subject: Subject) -> Iterator[Finding]:
    """LA404: one image under two names, most likely."""
    parts = [part for part in _image_parts(subject) if part.varying.sum() >= FEWEST_ALIKE]
    if not parts:
        yield not_checked("LA404", f"no image block with {FEWEST_ALIKE} features or more")
        return
    found = [(part, [i, j]) for part in parts for i, j, _ in alike(part) if not _nearly_equal(part, i, j)]
    yield _on_both_sides(subject, "LA404", "WARNING", found, "alike as two masks on one image")


def synthetic(subject: Subject) -> Iterator[Finding]:
    """LA405: cases between two others of their class."""
    parts = [part for part in _image_parts(subject) if _continuous(part).sum() >= FEWEST_FEATURES]
    if not parts:
        yield not_checked("LA405", f"no image block with {FEWEST_FEATURES} continuous features or more")
        return
    codes = subject.cohort.codes.to_numpy()
    found = [(part, group) for part in parts for group in between(part, codes)]
    yield _on_both_sides(subject, "LA405", "LEAK", found, "on the line between two others of its class, as SMOTE makes")


def alike(part: Numbers) -> list[tuple[int, int, float]]:
    """Pairs of positions that are each other's nearest neighbour, with the larger of their two ratios, the smallest
    first; only those below ``RATIO``."""
    distances = _distances(part)
    if len(distances) < 4:
        return []
    order = np.argpartition(distances, 1, axis=1)[:, :2]
    rows = np.arange(len(distances))
    two = np.take_along_axis(distances, order, axis=1)
    swap = two[:, 0] > two[:, 1]
    order[swap], two[swap] = order[swap][:, ::-1], two[swap][:, ::-1]
    near = order[:, 0]
    typical = np.median(distances[np.isfinite(distances)])
    measured = np.isfinite(two[:, 1])
    ratio = np.divide(two[:, 0], np.maximum(two[:, 1], 1e-300), out=np.ones(len(two)), where=measured)
    close = two[:, 0] < NEAR * typical
    ratio = np.where(close, np.minimum(ratio, two[:, 0] / typical), ratio)
    worst = np.maximum(ratio, ratio[near])
    # where three are one image, the nearest of the nearest may be the third
    found = rows[((near[near] == rows) | close) & (worst < RATIO)]
    pairs = {(int(min(i, near[i])), int(max(i, near[i]))): float(worst[i]) for i in found}
    return sorted(((i, j, value) for (i, j), value in pairs.items()), key=lambda pair: pair[2])


def between(part: Numbers, codes: np.ndarray) -> list[list[int]]:
    """Triples of positions: a case, and the two of its class that it lies between."""
    values = _filled(part, part.values)[:, _continuous(part)]
    scale = values.std(axis=0)
    values = (values - values.mean(axis=0)) / np.where(scale > 0, scale, 1)
    found = []
    for code in np.unique(codes):
        here = np.flatnonzero(codes == code)
        distances = _euclidean(values[here])
        k = min(NEIGHBOURS, len(here) - 1)
        if k < 2:
            continue
        near = np.argpartition(distances, k - 1, axis=1)[:, :k]
        for place, neighbours in enumerate(near):
            ways = values[here[neighbours]] - values[here[place]]
            length = np.linalg.norm(ways, axis=1)
            far = length > 1e-9
            ways = ways[far] / length[far, None]
            cosines = ways @ ways.T
            if cosines.size and cosines.min() < -1 + STRAIGHT:
                one, other = np.unravel_index(int(np.argmin(cosines)), cosines.shape)
                ends = here[neighbours[far]][[one, other]]
                found.append([int(here[place]), int(ends[0]), int(ends[1])])
    return found


def _on_both_sides(
    subject: Subject, code: str, verdict: str, found: list[tuple[Numbers, list[int]]], what: str
) -> Finding:
    """The verdict if some group stands on both sides of a split; a note if it never does."""
    cases, sides = subject.cohort.cases, sides_of(subject.splits, subject.cohort.cases)
    leaks = [(part, where, group) for part, group in found if (where := parted(sides, group)) is not None]
    if leaks:
        part, (number, train, test), _ = leaks[0]
        first = f"'{cases[train]}' trains, '{cases[test]}' is tested"
        message = f"cases that are {what}: {len(leaks)} groups (first: {first})"
        place = f"{part.block.name}, {name_of(subject.splits[number])}"
        return Finding(code, "LEAK" if verdict == "LEAK" else "WARNING", place, message)
    if found:
        pairs = [" = ".join(str(cases[place]) for place in group) for _, group in found]
        return Finding(code, "NOTE", found[0][0].block.name, f"{examples(pairs)} are {what}, never on both sides")
    return ok(code, f"none of {len(cases)} cases")


def _nearly_equal(part: Numbers, one: int, other: int) -> bool:
    values = part.values[:, part.varying]
    low, high = np.nanquantile(values, [0.25, 0.75], axis=0)
    some = high > low
    apart = np.abs(values[one] - values[other])[some] / (high - low)[some]
    return bool(some.any() and np.nanquantile(apart, 0.75) < SAME)


def _image_parts(subject: Subject) -> list[Numbers]:
    return [part for part in numbers(subject.cohort) if part.block.image and part.varying.sum() >= FEWEST_FEATURES]


def _distances(part: Numbers) -> np.ndarray:
    """(n, n) distances over ranks, infinite on the diagonal and for rows that were not measured."""
    measured = ~np.isnan(part.values).all(axis=1)
    ranks = rankdata(_filled(part, part.values)[:, part.varying], axis=0)
    ranks = (ranks - ranks.mean(axis=0)) / np.maximum(ranks.std(axis=0), 1e-12)
    distances = _euclidean(ranks)
    distances[~measured] = distances[:, ~measured] = np.inf
    return distances


def _euclidean(values: np.ndarray) -> np.ndarray:
    """(n, n), infinite on the diagonal."""
    square = np.square(values).sum(axis=1)
    distances = np.sqrt(np.maximum(square[:, None] + square - 2 * values @ values.T, 0))
    np.fill_diagonal(distances, np.inf)
    return distances


def _filled(part: Numbers, values: np.ndarray) -> np.ndarray:
    """(n, k) with the median where a value is missing or infinite; 0 in empty columns."""
    finite = np.where(np.isfinite(values), values, np.nan)
    empty = np.isnan(finite).all(axis=0)
    median = np.zeros(values.shape[1])
    median[~empty] = np.nanmedian(finite[:, ~empty], axis=0)
    return np.where(np.isnan(finite), median, finite)


def _continuous(part: Numbers) -> np.ndarray:
    """(k,) bool: nearly all values differ."""
    values = np.sort(part.values, axis=0)
    distinct = 1 + (np.diff(values, axis=0) > 0).sum(axis=0)
    return part.varying & (distinct > 0.8 * np.isfinite(part.values).sum(axis=0))
