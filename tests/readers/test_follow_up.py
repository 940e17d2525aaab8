"""The follow-up of each case: codes, gaps, and messages that say what is wrong where."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.readers.declaration import CohortDeclaration
from tests.readers.conftest import COHORT

OS = "patient_id,months,status\nP1,12.5,1\nP2,3,0\nP3,,1\nP4,40,0\nP9,-3,7\n"
SAID = "follow_up: {time: months, event: status, file: os.csv}\n"


def test_time_and_event_per_case(load) -> None:
    cohort = load(COHORT + SAID, {"os.csv": OS})
    np.testing.assert_array_equal(cohort.follow_up.table["time"], [12.5, 3, np.nan, 40])
    np.testing.assert_array_equal(cohort.follow_up.table["event"], [1, 0, np.nan, 0])
    assert load().follow_up is None


def test_follow_up_is_no_feature_and_no_part_of_a_fit(load) -> None:
    clinical = "patient_id,age,sex,grade,response,centre,months,status\n" + "".join(
        f"P{i},{40 + i},F,low,{i % 2},A,{i},{i % 2}\n" for i in (1, 2, 3, 4)
    )
    told = load(COHORT + "follow_up: {time: months, event: status}\n", {"clinical.csv": clinical})
    assert list(told.block("clinical").table.columns) == ["age", "sex", "grade"]
    other = clinical.replace("P1,41,F,low,1,A,1,1", "P1,41,F,low,1,A,99,0")
    again = load(COHORT + "follow_up: {time: months, event: status}\n", {"clinical.csv": other})
    assert again.fingerprint(again.blocks) == told.fingerprint(told.blocks)
    assert again.follow_up.table["time"]["P1"] == 99


def test_labels_of_the_event_and_a_decimal_comma(load) -> None:
    text = COHORT + "follow_up: {time: months, event: status, event_label: dead, file: os.csv, decimal: ','}\n"
    table = "patient_id;months;status\nP1;12,5;dead\nP2;3;alive\nP3;7;\nP4;1,25;alive\n"
    cohort = load(text, {"os.csv": table})
    np.testing.assert_array_equal(cohort.follow_up.table["time"], [12.5, 3, np.nan, 1.25])
    np.testing.assert_array_equal(cohort.follow_up.table["event"], [1, 0, np.nan, 0])


def test_per_patient(load) -> None:
    text = COHORT.replace("categorical: sex", "categorical: centre").replace("batch: centre", "patient: sex")
    text += SAID.replace("file", "per: patient, file")
    cohort = load(text, {"os.csv": "sex,months,status\nF,5,1\nM,6,0\n"})
    assert cohort.follow_up.table["time"].to_list() == [5, 6, 5, 6]


def test_one_row_per_patient_needs_a_patient() -> None:
    said = {"time": "months", "event": "status", "per": "patient"}
    for more in ({"follow_up": said}, {"subgroups": [{"column": "sex", "per": "patient"}]}):
        with pytest.raises(ValueError, match="should declare patient"):
            CohortDeclaration.model_validate({"name": "a", "case": "id", "blocks": {"HRF": "hrf.csv"}} | more)


@pytest.mark.parametrize(("said", "table", "message"), [
    (SAID.replace("months", "month"), OS, "os.csv: unknown column 'month'. Did you mean 'months'? Known: patient_id, "
     "months, status"),
    (SAID, OS.replace("P2,3,", "P2,0,"), "os.csv: column 'months': 1 times are not above 0 (first: '0' of case 'P2'). "
     "Expected the time to the event or to the end of observation."),
    (SAID, OS.replace("12.5", "lost").replace("P2,3,", "P2,inf,"), "os.csv: column 'months': 2 times are no number "
     "(first: 'lost' of case 'P1'). Expected the time to the event or to the end of observation."),
    (SAID, OS.replace("P2,3,0", "P2,3,2"), "os.csv, column 'status': '2' of case 'P2', expected 1 (event) or 0 "
     "(censored). Found: 0, 1, 2. Say which value means the event: event_label"),
    (SAID.replace("file", "event_label: ded, file"), OS.replace(",1\n", ",dead\n"), "os.csv, column 'status': unknown "
     "value 'ded'. Did you mean 'dead'? Known: 0, dead"),
    (SAID.replace("file", "event_label: 1, file"), OS.replace("P2,3,0", "P2,3,2"), "os.csv, column 'status': 3 values "
     "(0, 1, 2), expected two: the event, and censored"),
    (SAID, "patient_id,months,status\nP1,,1\nP2,3,\nP7,3,1\n", "os.csv: no case of the cohort has both a time "
     "('months') and an event ('status')."),
])  # fmt: skip
def test_wrong_follow_up(refused, said: str, table: str, message: str) -> None:
    assert str(refused(COHORT + said, {"os.csv": table})) == message


def test_the_class_that_is_the_risk(load, refused) -> None:
    assert load(COHORT + SAID, {"os.csv": OS}).follow_up.risk == "1"
    assert load(COHORT + SAID.replace("file", "risk: 0, file")).follow_up.risk == "0"
    several = COHORT.replace("response, positive: 1", "grade").replace("grade: [low", "age: [low")
    several = several.replace(", ordinal: {age: [low, mid, high]}", "")
    assert load(several + SAID).follow_up.risk == ""
    error = refused(COHORT + SAID.replace("file", "risk: died, file"))
    assert str(error) == "unknown class of the outcome 'died'. Known: 0, 1"
    assert error.path == ("cohort", "follow_up", "risk")


def test_two_columns() -> None:
    with pytest.raises(ValueError, match="should name two columns, the time and the event"):
        CohortDeclaration.model_validate(
            {"name": "a", "case": "id", "blocks": {"HRF": "hrf.csv"}, "follow_up": {"time": "OS", "event": "OS"}}
        )
