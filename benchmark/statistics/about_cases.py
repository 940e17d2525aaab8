"""What is told of the tested cases beside their outcome, and what it adds: survival by predicted risk, and results by
subgroup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from benchmark.predictions import FOLLOW_UP, SUBGROUPS
from benchmark.statistics.decisions import decide
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.performance import thresholds_of
from benchmark.statistics.settings import Settings
from benchmark.statistics.subgroups import subgroup_tables
from benchmark.statistics.survival.predicted_risk import predicted_risk
from benchmark.statistics.training import Trained

NOT_KNOWN = "not known"


@dataclass(frozen=True, eq=False)
class AboutCases:
    """The tables at the waist that tell more of a case, without rows where nothing is told; ``centre``: by the case's
    name, or None."""

    centre: pd.Series | None = None
    follow_up: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=FOLLOW_UP))
    subgroups: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SUBGROUPS))


def case_tables(
    run: Mapping[str, Any], held: HeldOut, trained: Trained, about: AboutCases, settings: Settings
) -> dict[str, list[pd.DataFrame]]:
    """Parts of the frames ``estimates``, ``survival``, ``subgroup_estimates`` and ``subgroup_tests`` of a binary
    outcome; ``run`` names the class that is the risk, and the levels of each subgroup in their order."""
    if about.follow_up.empty and about.subgroups.empty:
        return {}
    decisions = decide(held.scores[..., 0], held.fold, thresholds_of(held, trained, settings))
    found: dict[str, list[pd.DataFrame]] = {}
    if not about.follow_up.empty:
        found |= predicted_risk(held, about.follow_up, run["follow_up"]["risk"], decisions, settings)
    if not about.subgroups.empty:
        told = {
            str(name): rows.set_index("case")["level"].reindex(held.cases).fillna(NOT_KNOWN).to_numpy(object)
            for name, rows in about.subgroups.groupby("subgroup", sort=False)
        }
        tables = subgroup_tables(held, told, run["subgroups"], decisions, settings)
        found |= {name: [table] for name, table in tables.items()}
    return found
