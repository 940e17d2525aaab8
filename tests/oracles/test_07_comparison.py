"""Two models compared: resampled t test, McNemar and Cochran, reclassification; adjusted p values."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.statistics.corrected_resampled import corrected_resampled_test, ratio_of_sizes
from benchmark.statistics.mcnemar import cochran_q, count_pairs, mcnemar
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.reclassification import NetReclassification, idi, nri_categorical, nri_continuous
from tests.oracles.walk import VERSIONS, findings, read

MODELS = ["p_lr", "p_ridge", "p_rf", "p_gb"]
METHODS = ("holm", "hochberg", "hommel", "bonferroni", "BH", "BY")
EXCLUDED = VERSIONS | {
    "*/groups_are": "a sentence: ours are the same",
    "*/PredictABEL_printed/*": "printed text; tests/statistics/test_reclassification.py reads its numbers",
}


def of_adjusted(p: list[float | None]) -> dict[str, Any]:
    return {method: adjust(np.array(p, float), method.lower()) for method in METHODS}


def of_decisions(table: pd.DataFrame) -> dict[str, Any]:
    right = (table[MODELS].to_numpy() >= 0.5) == (table[["y"]].to_numpy() == 1)
    told: dict[str, Any] = {}
    for i, j in combinations(range(len(MODELS)), 2):
        counts = count_pairs(right[:, i], right[:, j])
        test = mcnemar(counts)
        told[f"{MODELS[i]}__{MODELS[j]}"] = {
            "both_right": counts.both_right if counts else None,
            "only_first_right": counts.only_first if counts else None,
            "only_second_right": counts.only_second if counts else None,
            "both_wrong": counts.both_wrong if counts else None,
            "chi2_no_continuity": test.chi2,
            "p_no_continuity": test.p,
            "chi2_continuity": test.chi2_corrected,
            "p_continuity": test.p_corrected,
            "p_exact_binomial": test.p_exact,
            "p_mid": test.p_mid,
        }
    q = cochran_q(right)
    return {**told, "cochran_q_all_four": {"Q": q.statistic, "df": q.df, "p": q.p}}


def of_nricens(found: NetReclassification) -> dict[str, float]:
    return {
        "NRI": found.nri.estimate,
        "NRI+": found.nri.events,
        "NRI-": found.nri.nonevents,
        "Pr(Up|Case)": found.up_events,
        "Pr(Down|Case)": found.down_events,
        "Pr(Down|Ctrl)": found.down_nonevents,
        "Pr(Up|Ctrl)": found.up_nonevents,
    }


def of_reclassification(y: np.ndarray, old: np.ndarray, new: np.ndarray, cut: list[float]) -> dict[str, Any]:
    whole, gain = nri_continuous(y, old, new), idi(y, old, new)
    groups = nri_categorical(y, old, new, cut)
    first = nri_categorical(y, old, new, cut, variance="pencina_2008").nri
    return {
        "n": len(y),
        "events": y.sum(),
        "continuous": {
            "nri": whole.nri.estimate,
            "se": whole.nri.se,
            "z": whole.nri.statistic,
            "p": whole.nri.p,
            "nri_events": whole.nri.events,
            "se_events": whole.nri.se_events,
            "nri_nonevents": whole.nri.nonevents,
            "se_nonevents": whole.nri.se_nonevents,
            "prop_up_events": whole.up_events,
            "prop_down_events": whole.down_events,
            "prop_up_nonevents": whole.up_nonevents,
            "prop_down_nonevents": whole.down_nonevents,
        },
        "idi": {
            "idi": gain.idi.estimate,
            "se": gain.idi.se,
            "z": gain.idi.statistic,
            "p": gain.idi.p,
            "improve_sens_IS": gain.idi.events,
            "improve_1_minus_spec_IP": gain.idi.nonevents,
            "relative_idi_slope_ratio_minus_1": gain.relative,
        },
        "categorical": {
            "cut": cut,
            "nri": groups.nri.estimate,
            "nri_events": groups.nri.events,
            "nri_nonevents": groups.nri.nonevents,
            "se_multinomial_2011": groups.nri.se,
            "se_pencina_2008": first.se,
            "z_pencina_2008": first.statistic,
        },
        "nricens_categorical": of_nricens(groups),
        "nricens_continuous": of_nricens(whole),
    }


def of_differences(differences: np.ndarray, ratio: float) -> dict[str, Any]:
    test = corrected_resampled_test(differences, ratio=ratio)
    return {
        "diff": differences,
        "mean_diff": test.difference[0],
        "var_diff_ddof1": differences.var(ddof=1),
        "n": len(differences),
        "test_train_ratio": ratio,
        "se": test.se[0],
        "t": test.statistic[0],
        "df": test.df,
        "p_two_sided": test.p[0],
        "p_greater": test.p_greater[0],
        "ci95": [test.low[0], test.high[0]],
    }


@pytest.mark.shared
def test_every_number(shared: Path) -> None:
    folder = shared / "oracles" / "07_comparison"
    expected, table = read(folder / "expected.json"), pd.read_csv(folder / "hosny_external_B.csv")
    folds, tiny, p = (
        pd.read_csv(folder / "hosnyA_rep10x10_auc.csv"),
        expected["nadeau_bengio"]["tiny"],
        expected["p_adjust"],
    )
    y, old, new = (table[name].to_numpy() for name in ("y", "p_ridge", "p_lr"))
    ratio = ratio_of_sizes(folds["n_test"].to_numpy(), folds["n_train"].to_numpy())
    ours = {
        "p_adjust": {
            **{name: p[name] for name in ("p", "p_with_one_missing")},
            "adjusted": of_adjusted(p["p"]),
            "adjusted_missing_left_out_of_n": of_adjusted(p["p_with_one_missing"]),
        },
        "mcnemar_hosny_B": of_decisions(table),
        "nri_hosny_B_std_ridge_new_lr": of_reclassification(
            y, old, new, expected["nri_hosny_B_std_ridge_new_lr"]["categorical"]["cut"]
        ),
        "nadeau_bengio": {
            "ratio_mean_n_test_over_mean_n_train": of_differences(
                (folds["auc_ridge"] - folds["auc_kbest"]).to_numpy(), ratio
            ),
            "tiny": of_differences(np.array(tiny["diff"]), tiny["test_train_ratio"]),
        },
    }
    assert findings(expected, ours, excluded=EXCLUDED) == []
