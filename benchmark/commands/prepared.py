"""What `check` and `run` say of an experiment before any work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from benchmark.errors import ConfigError

if TYPE_CHECKING:
    from benchmark.conduct import Prepared


def echo_plan(prepared: Prepared) -> None:
    from benchmark.predictions import label_of

    cohort, plan = prepared.cohort, prepared.plan
    counts = ", ".join(f"{label}: {count}" for label, count in cohort.outcome.value_counts().sort_index().items())
    typer.echo(f"Cohort {cohort.name}: {len(cohort.cases)} cases ({counts})")
    for dropped in cohort.dropped:
        first = f" (first: {dropped.examples[0]})" if dropped.examples else ""
        typer.echo(f"  left out of {dropped.where}: {dropped.count} {dropped.what}{first}: {dropped.reason}")
    for skip in plan.skipped:
        recipe = label_of(skip["feature_set"], skip["preprocessing"], skip["classifier"])
        typer.echo(f"  skipped: {recipe}: {skip['reason']}")
    typer.echo(
        f"{len(prepared.splits)} splits x {len(prepared.sets)} feature sets x "
        f"{len(prepared.experiment.preprocessings)} preprocessings x {len(prepared.experiment.classifiers)} "
        f"classifiers = {prepared.n_models} tuned models"
    )


def check_tests_fit(prepared: Prepared) -> None:
    """A test that does not fit the design, a contrast of unknown feature sets, and a setting that makes no sense are
    refused before any work."""
    from benchmark.statistics.further_tests import check_tests
    from benchmark.statistics.set_contrasts import check_contrasts
    from benchmark.statistics.settings import settings_of

    asked = prepared.experiment
    designs = {one.name: {"kind": one.kind, "repeats": one.repeats, "folds": one.folds} for one in asked.designs}
    try:
        check_tests(asked.statistics.tests, designs)
        settings = settings_of(asked.statistics.model_dump(exclude_none=True))
        check_contrasts(settings.contrasts, [one.name for one in prepared.sets])
    except ConfigError as error:
        raise asked.file.locate(error) from None


def echo_power(prepared: Prepared) -> None:
    """The smallest gain in AUC that the planned design can show, before anything is run."""
    import math

    from benchmark.statistics.power import Plan, smallest_difference

    for design in prepared.experiment.designs:
        tested = {case for split in prepared.splits if split.design == design.name for case in split.test}
        of_patient = prepared.cohort.codes[sorted(tested)].groupby(prepared.cohort.patient).max()
        counts = of_patient.value_counts()
        if min(counts.get(0, 0), counts.get(1, 0)) < 2:
            continue
        gain = smallest_difference(Plan(int(counts[1]), int(counts[0]), auc=0.7))
        shown = "none up to an AUC of 1" if math.isnan(gain) else f"{gain:.3f}"
        typer.echo(
            f"{design.name}: smallest gain over an AUC of 0.70 that is shown with power 0.80: {shown} "
            f"({counts[1]} patients with the event, {counts[0]} without, scores correlated by 0.5)"
        )
