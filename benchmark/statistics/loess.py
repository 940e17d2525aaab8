"""Local quadratic regression on one predictor: the ``loess`` of R.

At a place a, with h the distance to the q-th nearest case, q = floor(span n):

    w_i = (1 - (|x_i - a| / h)^3)^3  for |x_i - a| < h, else 0
    (b_0, b_1, b_2) = argmin sum_i w_i (y_i - b_0 - b_1 (x_i - a) - b_2 (x_i - a)^2),   fit(a) = b_0, slope(a) = b_1

``direct`` does this at each place. ``interpolate``, the default of R and so of what is published, does it at a few
vertices: the range of x widened by 0.5 % on each side is cut at the median case of every cell with more than
floor(0.2 span n) cases, and between two vertices runs the cubic with their values and slopes. The fit is linear in y,
``l(a) y``; its band is the sandwich, which a binary outcome needs because its variance is not constant:

    var fit(a) = sum_g (sum_(i in g) l_i(a) (y_i - fit_i))^2,   g a patient (or a case)

R's own ``predict(se = TRUE)`` assumes a constant variance and differs. The bias of smoothing is in neither.

Source: Cleveland, Devlin (1988), Journal of the American Statistical Association 83:596; Cleveland, Grosse (1991),
Statistics and Computing 1:47 (k-d tree and blending); sandwich: White (1980), Econometrica 48:817.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from benchmark.statistics.clusters import sum_within

SPAN, CELL, MARGIN = 0.75, 0.2, 0.005
COLUMNS = 3
"""Of the local design: 1, x - a, (x - a)^2."""
AT_ONCE = 2_000_000
"""Rows of local designs held in memory together."""

Surface = Literal["interpolate", "direct"]


def loess(
    x: np.ndarray, y: np.ndarray, at: np.ndarray, *, span: float = SPAN, surface: Surface = "interpolate"
) -> np.ndarray:
    """The fit of ``y`` (n_cases,) on ``x`` (n_cases,) at the places ``at`` (m,), not clipped. ``span`` in (0, 1].
    NaN for all if q < 3 or a value is NaN; NaN where q cases share the x of the place or of its vertices (h = 0), and,
    interpolated, outside the widened range of x: only ``direct`` extrapolates."""
    if not _is_defined(x, span) or np.isnan(y).any():
        return np.full(len(at), np.nan)
    if surface == "direct":
        return np.concatenate([value @ y for value, _ in _local_rows(x, at, span)])
    vertices = vertices_of(x, span)
    found = [(value @ y, slope @ y) for value, slope in _local_rows(x, vertices, span)]
    value, slope = (np.concatenate(part) for part in zip(*found, strict=True))
    return hermite(vertices, value, slope, at)


def loess_weights(x: np.ndarray, at: np.ndarray, *, span: float = SPAN, surface: Surface = "interpolate") -> np.ndarray:
    """The weights l of the cases in the fit at the places ``at`` (m,), as (m, n_cases): ``loess`` is their product with
    y. NaN where ``loess`` is."""
    if not _is_defined(x, span):
        return np.full((len(at), len(x)), np.nan)
    if surface == "direct":
        return np.concatenate([value for value, _ in _local_rows(x, at, span)])
    vertices = vertices_of(x, span)
    value, slope = (np.concatenate(part) for part in zip(*_local_rows(x, vertices, span), strict=True))
    return hermite(vertices, value, slope, at)


def loess_error(
    x: np.ndarray, y: np.ndarray, at: np.ndarray, *, patient: np.ndarray | None = None, span: float = SPAN
) -> np.ndarray:
    """The standard error of the interpolated fit at the places ``at`` (m,), with the cases of one ``patient``
    (n_cases,) added before squaring. NaN where ``loess`` is."""
    contributions = loess_weights(x, at, span=span).T * (y - loess(x, y, x, span=span))[:, None]
    return np.sqrt((sum_within(contributions, patient) ** 2).sum(0))


def _is_defined(x: np.ndarray, span: float) -> bool:
    return n_near(len(x), span) >= COLUMNS and not np.isnan(x).any()


def n_near(n: int, span: float) -> int:
    """q: how many of ``n`` cases lie within the distance h."""
    return min(n, int(np.floor(n * span + 1e-5)))


def _local_rows(x: np.ndarray, at: np.ndarray, span: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """Value and slope at ``at`` as weights of the cases, (m, n_cases) each, in pieces of a size that memory holds."""
    pieces = max(1, -(-len(at) * len(x) // AT_ONCE))
    return [_local(x, piece, n_near(len(x), span)) for piece in np.array_split(at, pieces)]


def _local(x: np.ndarray, at: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    apart = x - at[:, None]
    radius = np.partition(np.abs(apart), number - 1, axis=1)[:, number - 1]
    near = radius > 0
    share = np.minimum(np.abs(apart) / np.where(near, radius, 1)[:, None], 1)
    root_weight = np.sqrt((1 - share**3) ** 3)
    # products, because powers take more time than all the rest
    design = root_weight[..., None] * np.stack([np.ones_like(apart), apart, apart * apart], axis=-1)
    length = np.sqrt((design**2).sum(1))
    length[length == 0] = 1
    q, r = np.linalg.qr(design / length[:, None, :])
    # columns that depend on each other (few distinct x nearby) give the shortest solution, as in R
    solved = np.linalg.pinv(r, rcond=100 * np.finfo(float).eps) @ q.swapaxes(1, 2)
    rows = solved[:, :2] / length[:, :2, None] * root_weight[:, None, :]
    rows[~near] = np.nan
    return rows[:, 0], rows[:, 1]


def vertices_of(x: np.ndarray, span: float) -> np.ndarray:
    """The ends of the cells, in rising order."""
    ranked, most = np.sort(x), int(np.floor(len(x) * span * CELL))
    low, high = float(ranked[0]), float(ranked[-1])
    margin = MARGIN * max(high - low, 1e-10 * max(abs(low), abs(high)) + 1e-30)
    found = [low - margin, high + margin]
    cells = [(0, len(x) - 1, found[0], found[1])]
    while cells:
        first, last, left, right = cells.pop()
        if last - first + 1 <= most:
            continue
        middle = _middle(ranked, first, last)
        cut = float(ranked[middle])
        if cut not in (left, right):
            found.append(cut)
            cells += [(first, middle, left, cut), (middle + 1, last, cut, right)]
    return np.unique(found)


def _middle(ranked: np.ndarray, first: int, last: int) -> int:
    """The last case of the lower half; from a tie it goes by turns up and down to the nearest place where x changes,
    and stays where it was when one side is used up."""
    middle, offset = (first + last) // 2, 0
    while first <= middle + offset < last:
        if ranked[middle + offset] != ranked[middle + offset + 1]:
            return middle + offset
        offset = -offset if offset > 0 else 1 - offset
    return middle


def hermite(vertices: np.ndarray, value: np.ndarray, slope: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The cubics between neighbouring ``vertices`` (v,) with ``value`` and ``slope`` (v, ...), at ``at`` (m,)."""
    left = np.clip(np.searchsorted(vertices, at, side="right") - 1, 0, len(vertices) - 2)
    width = (vertices[left + 1] - vertices[left]).reshape(-1, *[1] * (value.ndim - 1))
    h = (at - vertices[left]).reshape(width.shape) / width
    found = (1 - h) ** 2 * (1 + 2 * h) * value[left] + h**2 * (3 - 2 * h) * value[left + 1]
    found += width * (h * (1 - h) ** 2 * slope[left] - h**2 * (1 - h) * slope[left + 1])
    outside = (at < vertices[0]) | (at > vertices[-1])
    found[outside] = np.nan
    return np.asarray(found)
