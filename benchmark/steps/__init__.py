"""The menu of steps. To add one: a file, and a line here."""

from __future__ import annotations

from benchmark.steps.batch_zscore import BatchZScore
from benchmark.steps.boruta import Boruta
from benchmark.steps.cluster import Cluster
from benchmark.steps.combat import ComBat
from benchmark.steps.correlation import Correlation
from benchmark.steps.elastic_net import ElasticNet
from benchmark.steps.encode import Encode
from benchmark.steps.icc import IccFilter
from benchmark.steps.impute import Impute
from benchmark.steps.l21 import L21
from benchmark.steps.lasso import Lasso
from benchmark.steps.limma import Limma
from benchmark.steps.mrmr import Mrmr
from benchmark.steps.reliability import ReliabilityFilter
from benchmark.steps.relieff import ReliefF
from benchmark.steps.rfe import Rfe
from benchmark.steps.rfecv import Rfecv
from benchmark.steps.score import Score
from benchmark.steps.sequential import Sequential
from benchmark.steps.stability_selection import StabilitySelection
from benchmark.steps.standardize import Standardize
from benchmark.steps.step import Step
from benchmark.steps.tree_importance import TreeImportance
from benchmark.steps.univariate import Univariate
from benchmark.steps.variance import Variance
from benchmark.steps.vif import Vif

STEPS: dict[str, type[Step]] = {
    "impute": Impute,
    "encode": Encode,
    "standardize": Standardize,
    "variance": Variance,
    "combat": ComBat,
    "limma": Limma,
    "batch_zscore": BatchZScore,
    "icc": IccFilter,
    "reliability": ReliabilityFilter,
    "correlation": Correlation,
    "cluster": Cluster,
    "vif": Vif,
    "univariate": Univariate,
    "lasso": Lasso,
    "elastic_net": ElasticNet,
    "stability_selection": StabilitySelection,
    "rfe": Rfe,
    "rfecv": Rfecv,
    "mrmr": Mrmr,
    "relieff": ReliefF,
    "boruta": Boruta,
    "tree_importance": TreeImportance,
    "sequential": Sequential,
    "l21": L21,
    "score": Score,
}
