"""The options of `radbench stats` that say how, as the ``statistics`` section of an experiment would."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from benchmark.errors import ConfigError, unknown

TrainingSet = Annotated[
    str | None,
    typer.Option(
        help="Set (a value of the set column) whose rows are predictions of training cases: for thresholds, "
        "recalibration and optimism, never for performance.",
        metavar="NAME",
    ),
]
Threshold = Annotated[
    str,
    typer.Option(
        help="What counts as positive: a probability, or youden, sensitivity=0.9, specificity=0.9 of the training set.",
        metavar="RULE",
    ),
]
Level = Annotated[float, typer.Option(help="Level of all intervals.")]
Margin = Annotated[float, typer.Option(help="Difference in AUC below which two models are equivalent.")]
Adjust = Annotated[str, typer.Option(help="Adjustment of p: holm, hochberg, hommel, bonferroni, bh, by.")]
DecisionRange = Annotated[
    str | None,
    typer.Option(help="Threshold probabilities of the decision curve. Default: 0.05,0.6.", metavar="LOW,HIGH"),
]
NetBenefitAt = Annotated[
    str | None, typer.Option(help="Threshold probabilities of the table of net benefit.", metavar="P,P,...")
]
Prevalence = Annotated[
    float | None, typer.Option(help="Prevalence in practice, where cases were sampled by outcome (case-control).")
]
Recalibrate = Annotated[
    list[str] | None,
    typer.Option(help="Also recalibrated on the training set: platt, intercept or isotonic; may be repeated."),
]
PartialAuc = Annotated[
    str | None, typer.Option(help="Part of the ROC curve of the partial AUC.", metavar="specificity=LOW,HIGH")
]
Contrasts = Annotated[
    list[str] | None,
    typer.Option(
        "--contrast", help="Weights of models that sum to 0; may be repeated.", metavar="MODEL=1,MODEL=-0.5,..."
    ),
]
RiskCategories = Annotated[
    str | None, typer.Option(help="Where the risk categories of the categorical NRI begin.", metavar="P,P,...")
]
Groups = Annotated[int, typer.Option(help="Groups of the Hosmer-Lemeshow test.")]
Draws = Annotated[int, typer.Option(help="Draws of the patient bootstrap.")]


RULES = ("youden", "sensitivity", "specificity")
"""How a threshold is chosen on training rows; the last two with a number."""


def threshold_of(text: str, *, training_set: str | None) -> str | dict[str, float]:
    """The rule as in an experiment. ``ConfigError`` for what is none, or needs training rows where there are none."""
    name, _, value = text.partition("=")
    if value != "" and name not in RULES[1:]:
        raise ConfigError(f"--threshold {text}: {unknown('rule', name, RULES)}")
    if value == "" and name not in RULES:
        return {"value": _number(text, "threshold", "a probability, youden, sensitivity=0.9 or specificity=0.9")}
    if training_set is None:
        raise ConfigError(
            f"--threshold {text}: the threshold is chosen on training rows, and none are named. On the rows that are "
            "judged it would be too good. Name them by --training-set, or give a probability"
        )
    return name if value == "" else {name: _number(value, "threshold", f"a number after {name}=")}


def numbers_of(text: str | None, option: str) -> list[float] | None:
    """``0.1,0.2`` as numbers; None if it is not said."""
    return None if text is None else [_number(part, option, "numbers with commas") for part in text.split(",")]


def range_of(text: str | None, option: str) -> list[float] | None:
    """Two numbers; None if it is not said."""
    found = numbers_of(text, option)
    if found is not None and len(found) != 2:
        raise ConfigError(f"--{option} {text}: found {len(found)} numbers, expected two, as in 0.05,0.6")
    return found


def partial_auc_of(text: str | None) -> dict[str, Any] | None:
    """``specificity=0.9,1`` as in an experiment; None if it is not said."""
    if text is None:
        return None
    focus, _, ends = text.partition("=")
    return {focus: range_of(ends, f"partial-auc {focus}=")}


def contrasts_of(texts: list[str] | None) -> dict[str, dict[str, float]]:
    """``fused=1,clinical=-1`` as the weights of the models, by its own text."""
    found: dict[str, dict[str, float]] = {}
    for text in texts or ():
        pairs = [part.rpartition("=") for part in text.split(",")]
        found[text] = {name.strip(): _number(value, "contrast", "MODEL=WEIGHT, ...") for name, _, value in pairs}
    return found


def _number(text: str, option: str, expected: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ConfigError(f"--{option}: found '{text}', expected {expected}") from None
