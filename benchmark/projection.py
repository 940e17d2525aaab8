"""Two coordinates per case for a picture of several tables of the same cases: principal components, t-SNE, UMAP.

Each feature is standardized first. t-SNE and UMAP are of the first ``COMPONENTS`` principal components, and show which
cases are neighbours: sizes of and distances between clusters say nothing.

Source: van der Maaten and Hinton (2008), Journal of Machine Learning Research 9:2579; McInnes, Healy and Melville
(2018), arXiv:1802.03426.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from benchmark.errors import ConfigError
from benchmark.steps.moments import moments

Projection = Literal["pca", "tsne", "umap"]

COMPONENTS = 50
PERPLEXITY = 30.0
NEIGHBOURS = 15

PROJECTION = ["projection", "stage", "case", "x", "y", "x_share", "y_share"]
"""One row per case, stage and projection; ``x_share`` and ``y_share``: of the variance, of principal components."""


def check_projections(asked: Sequence[str], section: str) -> None:
    """``ConfigError`` if a projection that this section of the file names needs a package that is not there; asked
    before any work."""
    if "umap" in asked and importlib.util.find_spec("umap") is None:
        raise ConfigError(
            "the projection umap needs the package umap-learn: pip install 'radbench[umap]', or leave umap out of "
            f"{section}.projections",
            path=(section, "projections"),
        )


def projections(stages: Mapping[str, pd.DataFrame], asked: Sequence[str], *, seed: int) -> pd.DataFrame:
    """``PROJECTION`` of every stage."""
    parts = [pd.DataFrame(columns=PROJECTION)]
    for stage, values in stages.items():
        mean, sd = moments(values.to_numpy())
        standard = (values.to_numpy() - mean) / np.where(sd > 0, sd, 1.0)
        pca = PCA(min(COMPONENTS, *standard.shape), svd_solver="full")
        components = pca.fit_transform(standard)
        for name in asked:
            xy = _project(name, components, seed)
            shares = pca.explained_variance_ratio_[:2] if name == "pca" else (np.nan, np.nan)
            told = {"projection": name, "stage": stage, "case": values.index, "x": xy[:, 0], "y": xy[:, 1],
                    "x_share": shares[0], "y_share": shares[-1]}  # fmt: skip
            parts.append(pd.DataFrame(told, columns=PROJECTION))
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _project(name: str, components: np.ndarray, seed: int) -> np.ndarray:
    """(n_cases, 2)."""
    n = len(components)
    if name == "pca":
        return np.pad(components, ((0, 0), (0, max(0, 2 - components.shape[1]))))[:, :2]
    if name == "tsne":
        perplexity = min(PERPLEXITY, (n - 1) / 3)
        return np.asarray(TSNE(2, perplexity=perplexity, init="pca", random_state=seed).fit_transform(components))
    from umap import UMAP  # type: ignore[import-untyped]

    return np.asarray(UMAP(n_neighbors=min(NEIGHBOURS, n - 1), random_state=seed, n_jobs=1).fit_transform(components))
