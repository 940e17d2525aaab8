"""Figures of a paper. To add one: a file with ``CAPTION`` and ``draw(results, run) -> Figure | None``, one line here.

``results`` holds the tidy frames, restricted to the design and role that the menu's name says; None means that there
is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmark.figures import (
    associations,
    attribution_bars,
    attribution_force,
    attribution_shares,
    attribution_waterfall,
    attributions,
    batch_agreement,
    batch_effects,
    batch_prediction,
    batch_projection,
    calibration,
    calibration_per_class,
    calibration_transfer,
    centres,
    cohort_aucs,
    confusion,
    critical_difference,
    decision_curve,
    decision_curve_bands,
    forest,
    heatmap,
    interventions_avoided,
    kaplan_meier,
    meta_analysis,
    nomogram,
    over_cohorts,
    projections,
    reliability,
    roc,
    roc_per_class,
    score_waterfall,
    selection,
    specification_curve,
    stability,
    subgroups,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """How a figure is drawn, what is written under it, and whether it may stand ``beside`` others on the page."""

    draw: Callable[[Mapping[str, pd.DataFrame], Mapping[str, Any]], Figure | None]
    caption: str
    beside: bool = False


OF_EXPERIMENT: dict[str, Drawing] = {
    f"projection_{name}": Drawing(partial(projections.draw, projection=name), caption)
    for name, caption in projections.CAPTIONS.items()
}
"""One of each per experiment."""

OF_ASSOCIATION: dict[str, Drawing] = {"associations": Drawing(associations.draw, associations.CAPTION)}
"""One of each per question that sets blocks against each other."""

OF_DESIGN: dict[str, Drawing] = {
    "selection": Drawing(selection.draw, selection.CAPTION),
    "stability": Drawing(stability.draw, stability.CAPTION),
    "attributions": Drawing(attributions.draw, attributions.CAPTION),
    "attribution_bars": Drawing(attribution_bars.draw, attribution_bars.CAPTION),
    "attribution_shares": Drawing(attribution_shares.draw, attribution_shares.CAPTION),
    "score_waterfall": Drawing(score_waterfall.draw, score_waterfall.CAPTION),
}
"""One of each per design."""

OF_MODEL: dict[str, Drawing] = {
    "nomogram": Drawing(nomogram.draw, nomogram.CAPTION),
    "attribution_waterfall": Drawing(attribution_waterfall.draw, attribution_waterfall.CAPTION),
    "attribution_force": Drawing(attribution_force.draw, attribution_force.CAPTION),
}
"""One of each per model that is shown alone."""

OF_DESIGN_AND_ROLE: dict[str, Drawing] = {
    "forest": Drawing(forest.draw, forest.CAPTION),
    "roc": Drawing(roc.draw, roc.CAPTION),
    "roc_per_class": Drawing(roc_per_class.draw, roc_per_class.CAPTION),
    "confusion": Drawing(confusion.draw, confusion.CAPTION),
    "heatmap": Drawing(heatmap.draw, heatmap.CAPTION),
    "calibration": Drawing(calibration.draw, calibration.CAPTION),
    "calibration_per_class": Drawing(calibration_per_class.draw, calibration_per_class.CAPTION),
    "decision_curve": Drawing(decision_curve.draw, decision_curve.CAPTION),
    "decision_curve_bands": Drawing(decision_curve_bands.draw, decision_curve_bands.CAPTION),
    "interventions_avoided": Drawing(interventions_avoided.draw, interventions_avoided.CAPTION),
    "specification_curve": Drawing(specification_curve.draw, specification_curve.CAPTION),
    "centres": Drawing(centres.draw, centres.CAPTION),
    "calibration_transfer": Drawing(calibration_transfer.draw, calibration_transfer.CAPTION),
    "subgroups": Drawing(subgroups.draw, subgroups.CAPTION),
    "kaplan_meier": Drawing(kaplan_meier.draw, kaplan_meier.WITH_THRESHOLD),
}
"""One of each per design and role."""

OF_COMPARISON: dict[str, Drawing] = {
    "over_cohorts": Drawing(over_cohorts.draw, over_cohorts.CAPTION),
    "cohort_aucs": Drawing(cohort_aucs.draw, cohort_aucs.CAPTION),
}
"""One of each per comparison of cohorts."""

OF_PAIR: dict[str, Drawing] = {"cohort_forest": Drawing(meta_analysis.draw, "", beside=True)}
"""One of each per pair of families over cohorts; what they show is told once, above them."""

OF_RANKING: dict[str, Drawing] = {
    "critical_difference": Drawing(critical_difference.draw, critical_difference.CAPTION),
}
"""One of each per ranking over cohorts."""

OF_READINGS: dict[str, Drawing] = {"reliability": Drawing(reliability.draw, reliability.CAPTION)}
"""Of a survey of repeated readings."""

OF_HARMONIZATION: dict[str, Drawing] = {
    "batch_effects": Drawing(batch_effects.draw, batch_effects.CAPTION),
    "batch_prediction": Drawing(batch_prediction.draw, batch_prediction.CAPTION),
    "batch_agreement": Drawing(batch_agreement.draw, batch_agreement.CAPTION),
    **{
        f"batch_projection_{name}": Drawing(partial(batch_projection.draw, projection=name), caption)
        for name, caption in batch_projection.CAPTIONS.items()
    },
}
"""Of a harmonization audit."""
