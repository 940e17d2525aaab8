"""What `radbench stats` does with a time and an event instead of a class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmark.errors import ConfigError

if TYPE_CHECKING:
    from benchmark.survival_file import FollowUpColumns


def columns_of(time: str | None, event: str | None, case: str, patient: str, set_: str) -> FollowUpColumns:
    """The columns that the options name."""
    from benchmark.survival_file import FollowUpColumns

    if time is None or event is None:
        given, missing = ("--time", "--event") if event is None else ("--event", "--time")
        raise ConfigError(f"{given} without {missing}. Survival needs both columns: the time, and 1 for an event at it")
    return FollowUpColumns(time, event, tuple(case.split(",")), patient, set_)


def write_survival(
    path: Path, columns: FollowUpColumns, output: Path | None, *, reference: str | None, tau: float | None
) -> Path:
    """The page of the risk scores in ``path``. ``reference``: the model that the others are compared with; ``tau``: the
    time up to which events count for Uno's C."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    from benchmark.errors import unknown
    from benchmark.statistics.survival.analysis import analyse_survival
    from benchmark.survival_file import read_follow_up
    from benchmark.survival_report import write

    table, run = read_follow_up(path, columns)
    if reference is not None and reference not in run["feature_sets"]:
        raise ConfigError(unknown("model", reference, run["feature_sets"]))
    run["statistics"] = {"reference": reference, **({} if tau is None else {"tau": tau})}
    with threadpool_limits(1):
        results = analyse_survival(run, table, tau=np.inf if tau is None else tau)
    folder = output or Path("results") / run["experiment"]
    folder.mkdir(parents=True, exist_ok=True)
    return write(folder, results, run)
