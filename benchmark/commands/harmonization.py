"""`radbench harmonization`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from benchmark.commands.arguments import ExperimentArgument, OutputOption

if TYPE_CHECKING:
    import pandas as pd

    from benchmark.harmonization.audit import Audit
    from benchmark.harmonization.plan import AuditPlan


def harmonization(experiment: ExperimentArgument, output: OutputOption = None) -> None:
    """What harmonization does to the features of a cohort, without any outcome: tables, figures and a page."""
    from threadpoolctl import threadpool_limits

    from benchmark.folder import write_json
    from benchmark.harmonization.audit import about, audit
    from benchmark.harmonization.plan import read_plan
    from benchmark.harmonization_report import write
    from benchmark.provenance import provenance
    from benchmark.readers.load import files_of
    from benchmark.store import source_hash

    plan = read_plan(experiment)
    folder = output or Path("results") / "harmonization" / plan.name
    with threadpool_limits(1):
        found = audit(plan, lambda done: typer.echo(f"  {done}"))
        results = _results(plan, found)
    folder.mkdir(parents=True, exist_ok=True)
    files = [plan.file.path, *files_of(plan.cohort, plan.file.path.parent).values()]
    write_json(provenance(files, seed=plan.seed, source=source_hash()), folder / "provenance.json")
    typer.echo(f"Report: {write(folder, results, about(plan, found))}")


def _results(plan: AuditPlan, found: Audit) -> dict[str, pd.DataFrame]:
    """The tidy frames of the page."""
    import pandas as pd

    from benchmark.frame import block_of, feature_of
    from benchmark.harmonization.audit import codes_of, outcome_by_batch
    from benchmark.statistics.harmonization import Measured, batches_of, confounding_of, effects_of, predictions_of

    families = {name: found.cohort.block(name).family for name in found.blocks}
    measured = [
        Measured(
            stage.variable,
            stage.stage,
            stage.rows,
            stage.values.to_numpy(),
            codes_of(found.labels[stage.variable]),
            None if (objects := found.objects[stage.variable]) is None else codes_of(objects),
            [block_of(column) for column in stage.values.columns],
            [feature_of(column) for column in stage.values.columns],
        )
        for stage in found.stages
    ]
    effects = effects_of(measured, families)
    scores = [((one.variable, one.stage, one.classifier), one.truth, one.scores, one.fold) for one in found.scores]
    counts = outcome_by_batch(found)
    tables = [table.rename_axis("level").reset_index().assign(variable=name) for name, table in counts.items()]
    pictures = found.projections
    for name, labels in found.labels.items():
        pictures = pictures.assign(**{name: pictures["case"].map(labels)})
    return {
        "effects": effects,
        "batches": batches_of(effects, significance=plan.section.significance),
        "predictions": predictions_of(scores, permutations=plan.section.permutations, seed=plan.seed),
        "confounding": confounding_of(counts),
        "outcome_by_batch": pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(),
        "projections": pictures,
        "agreement": found.agreement,
    }
