"""The menu of steps. To add one: a file, and a line here."""

from __future__ import annotations

from benchmark.steps.batch_zscore import BatchZScore
from benchmark.steps.boruta import Boruta
from benchmark.steps.cluster import Cluster
from benchmark.steps.combat import ComBat
from benchmark.steps.correlation import Correlation
from benchmark.steps.elastic_net import ElasticNet
from benchmark.steps.encode import Encode
from benchmark.steps.factor_analysis import FactorAnalysis
from benchmark.steps.icc import IccFilter
from benchmark.steps.impute import Impute
from benchmark.steps.l21 import L21
from benchmark.steps.lasso import Lasso
from benchmark.steps.limma import Limma
from benchmark.steps.log import Log
from benchmark.steps.mfa import Mfa
from benchmark.steps.min_max_scale import MinMaxScale
from benchmark.steps.mrmr import Mrmr
from benchmark.steps.one_class_svm import OneClassSvm
from benchmark.steps.pca import Pca
from benchmark.steps.pls import Pls
from benchmark.steps.rank_normal import RankNormal
from benchmark.steps.reliability import ReliabilityFilter
from benchmark.steps.relieff import ReliefF
from benchmark.steps.rfe import Rfe
from benchmark.steps.rfecv import Rfecv
from benchmark.steps.risk_groups import RiskGroups
from benchmark.steps.robust_scale import RobustScale
from benchmark.steps.score import Score
from benchmark.steps.sequential import Sequential
from benchmark.steps.sparse_pca import SparsePca
from benchmark.steps.stability_selection import StabilitySelection
from benchmark.steps.standardize import Standardize
from benchmark.steps.step import Step
from benchmark.steps.tree_importance import TreeImportance
from benchmark.steps.univariate import Univariate
from benchmark.steps.variance import Variance
from benchmark.steps.vif import Vif
from benchmark.steps.winsorize import Winsorize
from benchmark.steps.yeo_johnson import YeoJohnson

STEPS: dict[str, type[Step]] = {
    "impute": Impute,
    "encode": Encode,
    "standardize": Standardize,
    "robust_scale": RobustScale,
    "min_max_scale": MinMaxScale,
    "rank_normal": RankNormal,
    "yeo_johnson": YeoJohnson,
    "log": Log,
    "winsorize": Winsorize,
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
    "pca": Pca,
    "pls": Pls,
    "sparse_pca": SparsePca,
    "factor_analysis": FactorAnalysis,
    "mfa": Mfa,
    "risk_groups": RiskGroups,
    "one_class_svm": OneClassSvm,
}
