"""A multi-centre cohort of known truth: which features are informative, how reliable each is, what each centre adds.

Feature j of case i in centre c, as a reader measures it (m_j, s_j: location and unit of the feature):

    x_ij = m_j + s_j (gamma_cj + delta_cj (t_ij + e_ij))
    t_ij = sqrt(rho) f_i,g(j) + sqrt(1 - rho) u_ij + d_j (y_i - p)

with a factor f shared by the features of a group g, the effect d_j (0 unless informative), and a reader's error e whose
variance is Var(t) (1 - ICC_j) / ICC_j. The location and scale of a centre are those of ComBat's model: Johnson (2007),
Biostatistics 8:118, equation 1. The clinical features know no centre.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtr

from benchmark.errors import ConfigError
from benchmark.seeds import seed_for

CLASSES = ("shape", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm")
STAGES = ("I", "II", "III", "IV")
STAGE_BY_CLASS = np.array([[0.35, 0.30, 0.20, 0.15], [0.20, 0.25, 0.30, 0.25]])
GROUP = 5  # features that share a factor
TEMPLATE = "simulated_experiment.yaml"


@dataclass(frozen=True, eq=False)
class Simulated:
    """``tables``: by file name without ending, with the column ``patient_id``. ``truth``: one row per image feature.
    ``auc``: of the best possible linear score of a block's features as measured, centre effects taken out."""

    tables: Mapping[str, pd.DataFrame]
    truth: pd.DataFrame
    auc: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Design:
    """``y`` (n_cases,) 0 or 1, ``centre`` (n_cases,) 0 .. n_centres - 1, and the size of what a centre does."""

    y: np.ndarray
    centre: np.ndarray
    names: tuple[str, ...]
    prevalence: float
    correlation: float
    batch_shift: float
    batch_scale: float


@dataclass(frozen=True, eq=False)
class Truth:
    """Of one block's features: ``effect``, ``group``, ``icc`` within a centre (n_features,); what a centre adds,
    ``shift`` and ``scale`` (n_centres, n_features), in SD of the feature."""

    effect: np.ndarray
    group: np.ndarray
    icc: np.ndarray
    shift: np.ndarray
    scale: np.ndarray


def simulate(
    *,
    n_cases: int = 240,
    n_centres: int = 3,
    n_hrf: int = 120,
    n_drf: int = 64,
    n_informative: int = 6,
    effect_hrf: float = 0.5,
    effect_drf: float = 0.4,
    effect_clinical: float = 0.4,
    prevalence: float = 0.4,
    correlation: float = 0.5,
    batch_shift: float = 1.0,
    batch_scale: float = 0.2,
    n_reread: int = 60,
    missing: float = 0.03,
    seed: int = 1,
) -> Simulated:
    """A cohort from one seed, and nothing but it.

    Effects are Cohen's d of an informative feature; ``batch_shift`` is the SD of a centre's mean in SD of the feature,
    ``batch_scale`` that of the log of its scale. ``n_reread`` cases are read by a second reader; ``missing`` is the
    share of missing clinical values. The last of several centres is external. Every block draws from a seed of its
    own, so that more features of one change no value of another.
    """
    design = _design(n_cases, n_centres, prevalence, correlation, batch_shift, batch_scale, seed)
    ids = pd.Index([f"SIM-{number:0{len(str(n_cases))}d}" for number in range(1, n_cases + 1)], name="patient_id")
    names = {
        "HRF": [f"original_{CLASSES[k % len(CLASSES)]}_F{k + 1:03d}" for k in range(n_hrf)],
        "DRF": [f"deep_{k:03d}" for k in range(n_drf)],
    }
    seeds = {part: seed_for(seed, "simulated", part) for part in ("HRF", "DRF", "clinical", "second reader")}
    hrf, first, second = _block(design, n_hrf, n_informative, effect_hrf, seeds["HRF"], readers=True)
    drf, deep, _ = _block(design, n_drf, n_informative, effect_drf, seeds["DRF"], readers=False)
    reread = np.sort(np.random.default_rng(seeds["second reader"]).permutation(n_cases)[:n_reread])
    tables = {
        "hrf": pd.DataFrame(first, index=ids, columns=names["HRF"]),
        "hrf_reader2": pd.DataFrame(second[reread], index=ids[reread], columns=names["HRF"]),
        "drf": pd.DataFrame(deep, index=ids, columns=names["DRF"]),
        "clinical": _clinical(design.y, ids, effect_clinical, missing, seeds["clinical"]),
        "study": _study(design, ids),
    }
    squared = {"HRF": _squared_distance(hrf, design), "DRF": _squared_distance(drf, design)}
    squared["HRF + DRF"] = squared["HRF"] + squared["DRF"]
    truth = [_truth_table(block, names[block], told, design) for block, told in (("HRF", hrf), ("DRF", drf))]
    return Simulated(
        {name: table.reset_index() for name, table in tables.items()},
        pd.concat(truth, ignore_index=True),
        {name: float(ndtr(np.sqrt(value / 2))) for name, value in squared.items()},
    )


def write(simulated: Simulated, folder: Path) -> Path:
    """Save the tables and the truth as CSV, and an experiment on them; gives the experiment's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in {**simulated.tables, "truth": simulated.truth}.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    experiment = folder / "experiment.yaml"
    text = files("benchmark").joinpath("templates", TEMPLATE).read_text(encoding="utf-8")
    experiment.write_text(text, encoding="utf-8")
    return experiment


def _design(
    n_cases: int,
    n_centres: int,
    prevalence: float,
    correlation: float,
    batch_shift: float,
    batch_scale: float,
    seed: int,
) -> Design:
    """Cases in centres of the same size and prevalence, so that batch and outcome are not confounded."""
    if not (0 < prevalence < 1 and 0 <= correlation < 1 and n_centres >= 1 and n_cases >= 4 * n_centres):
        raise ConfigError("simulate: expected 0 < prevalence < 1, 0 <= correlation < 1 and 4 cases or more per centre")
    rng = np.random.default_rng(seed_for(seed, "simulated", "cases"))
    centre = np.arange(n_cases) * n_centres // n_cases
    y = np.zeros(n_cases, int)
    for k in range(n_centres):
        rows = rng.permutation(np.flatnonzero(centre == k))
        y[rows[: min(max(1, round(prevalence * len(rows))), len(rows) - 1)]] = 1
    names = tuple(f"centre {chr(ord('A') + k) if n_centres <= 26 else k + 1}" for k in range(n_centres))
    return Design(y, centre, names, float(y.mean()), correlation, batch_shift, batch_scale)


def _study(design: Design, ids: pd.Index) -> pd.DataFrame:
    last = len(design.names) - 1
    role = np.where((design.centre == last) & (last > 0), "external", "train")
    return pd.DataFrame({"outcome": design.y, "centre": np.array(design.names)[design.centre], "role": role}, index=ids)


def _block(
    design: Design, n: int, n_informative: int, effect: float, seed: int, *, readers: bool
) -> tuple[Truth, np.ndarray, np.ndarray]:
    """The truth of a block, and its features as two readers measure them, each (n_cases, n)."""
    rng = np.random.default_rng(seed)
    n_cases, n_centres = len(design.y), len(design.names)
    group = np.arange(n) // GROUP
    n_groups = group[-1] + 1
    informative = rng.permutation(n_groups)[: min(n_informative, n_groups)] * GROUP  # the first feature of its group
    effects = np.zeros(n)
    effects[informative] = effect * rng.choice([-1.0, 1.0], len(informative))
    icc = np.where(effects != 0, rng.uniform(0.85, 0.98, n), rng.uniform(0.3, 0.98, n)) if readers else np.ones(n)
    centre_mean = rng.normal(0, design.batch_shift, (n_centres, 1))
    shift = centre_mean + rng.normal(0, design.batch_shift / 2, (n_centres, n))
    scale = np.exp(rng.normal(0, design.batch_scale, (n_centres, n)))
    location, unit = rng.uniform(5, 20, n), 10 ** rng.uniform(-2, 3, n)
    factor = rng.normal(size=(n_cases, n_groups))[:, group]
    own = rng.normal(size=(n_cases, n))
    true = np.sqrt(design.correlation) * factor + np.sqrt(1 - design.correlation) * own
    true += effects * (design.y[:, None] - design.prevalence)
    truth = Truth(effects, group, icc, shift, scale)
    error = np.sqrt(_error_variance(truth, design))
    measured = [
        location + unit * (shift[design.centre] + scale[design.centre] * (true + error * rng.normal(size=true.shape)))
        for _ in range(2)
    ]
    return truth, measured[0], measured[1]


def _error_variance(truth: Truth, design: Design) -> np.ndarray:
    """(n_features,) of a reader, within a centre, in units of the feature."""
    between = 1 + np.square(truth.effect) * design.prevalence * (1 - design.prevalence)
    return between * (1 - truth.icc) / truth.icc


def _squared_distance(truth: Truth, design: Design) -> float:
    """Mahalanobis' squared distance of the classes, d' S^-1 d, group by group (groups are independent)."""
    noise = _error_variance(truth, design)
    total = 0.0
    for group in np.unique(truth.group[truth.effect != 0]):
        members = truth.group == group
        covariance = np.full((members.sum(), members.sum()), design.correlation)
        np.fill_diagonal(covariance, 1 + noise[members])
        total += float(truth.effect[members] @ np.linalg.solve(covariance, truth.effect[members]))
    return total


def _truth_table(block: str, names: list[str], truth: Truth, design: Design) -> pd.DataFrame:
    """One row per feature. ``icc_all``: over all centres together, whose differences both readers see."""
    weight = np.bincount(design.centre) / len(design.centre)
    between_centres = weight @ np.square(truth.shift - weight @ truth.shift)
    scale = weight @ np.square(truth.scale)
    error = _error_variance(truth, design)
    true = between_centres + scale * (1 + np.square(truth.effect) * design.prevalence * (1 - design.prevalence))
    table = pd.DataFrame(
        {
            "block": block, "feature": names, "informative": truth.effect != 0, "effect": truth.effect,
            "group": truth.group, "icc": truth.icc, "icc_all": true / (true + scale * error),
        }
    )  # fmt: skip
    for k, centre in enumerate(design.names):
        table[f"shift {centre}"], table[f"scale {centre}"] = truth.shift[k], truth.scale[k]
    return table


def _clinical(y: np.ndarray, ids: pd.Index, effect: float, missing: float, seed: int) -> pd.DataFrame:
    """Age (10 years per SD) and stage depend on the outcome, sex does not."""
    rng = np.random.default_rng(seed)
    n = len(y)
    age = np.round(62 + 10 * (rng.normal(size=n) + effect * (y - y.mean())), 1)
    sex = rng.choice(["female", "male"], n)
    stage = (rng.uniform(size=n)[:, None] > STAGE_BY_CLASS.cumsum(axis=1)[y][:, :-1]).sum(axis=1)
    table = pd.DataFrame({"age": age, "sex": sex, "stage": np.array(STAGES, object)[stage]}, index=ids)
    return table.mask(rng.uniform(size=table.shape) < missing)
