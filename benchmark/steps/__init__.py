"""The menu of steps. To add one: a file, and a line here."""

from __future__ import annotations

from benchmark.steps.batch_zscore import BatchZScore
from benchmark.steps.cluster import Cluster
from benchmark.steps.combat import ComBat
from benchmark.steps.correlation import Correlation
from benchmark.steps.elastic_net import ElasticNet
from benchmark.steps.encode import Encode
from benchmark.steps.icc import IccFilter
from benchmark.steps.impute import Impute
from benchmark.steps.lasso import Lasso
from benchmark.steps.limma import Limma
from benchmark.steps.score import Score
from benchmark.steps.stability_selection import StabilitySelection
from benchmark.steps.standardize import Standardize
from benchmark.steps.step import Step
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
    "correlation": Correlation,
    "cluster": Cluster,
    "vif": Vif,
    "univariate": Univariate,
    "lasso": Lasso,
    "elastic_net": ElasticNet,
    "stability_selection": StabilitySelection,
    "score": Score,
}
