"""Features that do not vary are dropped."""

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.steps.variance import Variance


def frame(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame({f"HRF::{name}": values for name, values in columns.items()})


def kept(step: Variance, table: pd.DataFrame) -> list[str]:
    return [column.removeprefix("HRF::") for column in step.fit_transform(table).columns]


def test_constant_up_to_rounding_goes_whatever_its_size() -> None:
    table = frame(
        huge=[1e200, 2e200, 3e200],
        tiny=[1e-200, 2e-200, 3e-200],
        constant=[0.1 + 0.2, 0.3, 0.3],
        large_constant=[1e17, 1e17, np.nextafter(1e17, 2e17)],
        offset=[1e9, 1e9 + 1, 1e9],
    )
    assert kept(Variance(), table) == ["huge", "tiny", "offset"]


def test_threshold_is_a_variance() -> None:
    table = frame(one=[1.0, 3.0], four=[1.0, 5.0], six=[1.0, 6.0])
    assert kept(Variance(threshold=4.0), table) == ["six"]


def test_missing_values_are_left_out() -> None:
    table = frame(
        constant=[1.0, np.nan, 1.0], varies=[1.0, np.nan, 2.0], empty=[np.nan] * 3, infinite=[1.0, np.inf, 1.0]
    )
    assert kept(Variance(), table) == ["varies"]


def test_duplicates_go_only_when_asked() -> None:
    table = frame(a=[1.0, 2.0, np.nan], b=[1.0, 2.0, 3.0], c=[1.0, 2.0, np.nan], d=[1.0, 2.0, 3.0])
    assert kept(Variance(), table) == ["a", "b", "c", "d"]
    assert kept(Variance(duplicates=True), table) == ["a", "b"]


def test_nothing_left_is_an_error_or_the_best() -> None:
    table = frame(a=[1.0, 1.1], b=[1.0, 1.4])
    with pytest.raises(DataError, match="variance: none of 2 features is left of HRF"):
        Variance(threshold=1.0).fit(table)
    assert kept(Variance(threshold=1.0, when_empty="best"), table) == ["b"]


def test_test_rows_lose_the_same_features() -> None:
    step = Variance().fit(frame(a=[1.0, 1.0], b=[1.0, 2.0]))
    assert list(step.transform(frame(a=[5.0, 9.0], b=[1.0, 1.0])).columns) == ["HRF::b"]
