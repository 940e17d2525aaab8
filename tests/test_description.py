"""What the run tells of its cohort's follow-up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from benchmark.cohort import Cohort, FollowUp
from benchmark.description import follow_up_notes
from tests.cohorts import small_cohort


def followed(*, risk: str = "1", later: str = "0", gone: int = 0) -> Cohort:
    """Everybody has the event, cases of the class ``later`` after three times as long."""
    cohort = small_cohort()
    table = pd.DataFrame({"time": np.where(cohort.outcome == later, 30.0, 10.0), "event": 1.0}, index=cohort.cases)
    table.iloc[:gone] = np.nan
    return replace(cohort, follow_up=FollowUp(table, risk))


def test_nothing_to_tell() -> None:
    assert follow_up_notes(small_cohort()) == follow_up_notes(followed()) == []
    assert follow_up_notes(followed(risk="", later="1")) == []


def test_who_has_no_follow_up() -> None:
    (note,) = follow_up_notes(followed(gone=3))
    assert note == "Follow-up: 3 of 72 cases have none, left out of survival by risk."


def test_the_other_class_seems_to_be_the_risk() -> None:
    (note,) = follow_up_notes(followed(later="1"))
    assert "rarer per time among cases of class '1'" in note and "say follow_up: {risk: 0}." in note
    assert follow_up_notes(followed(risk="0", later="1")) == []
