"""Categorical features become indicator columns."""

import pandas as pd
import pytest
from sklearn.preprocessing import OneHotEncoder

from benchmark.errors import DataError
from benchmark.frame import PATIENT
from benchmark.steps.encode import Encode

TRAIN = pd.DataFrame(
    {
        "HRF::a": [1.0, 2.0, 3.0, 4.0],
        "clinical::stage": ["II", "I", "III", "I"],
        "clinical::age": [60.0, 61.0, 62.0, 63.0],
        "clinical::sex": ["m", "f", "f", "m"],
        PATIENT: ["p", "q", "r", "s"],
    }
)


@pytest.mark.parametrize("drop", ["first", "if_binary", "none"])
def test_equal_to_one_hot_encoder(drop: str) -> None:
    columns = ["clinical::stage", "clinical::sex"]
    reference = OneHotEncoder(drop=None if drop == "none" else drop, sparse_output=False).fit(TRAIN[columns])
    out = Encode(drop=drop).fit_transform(TRAIN)
    names = [name.replace("_", "=") for name in reference.get_feature_names_out(columns)]
    assert out[names].to_numpy().tolist() == reference.transform(TRAIN[columns]).tolist()
    assert set(out.columns) == {"HRF::a", "clinical::age", PATIENT, *names}


def test_columns_take_the_place_of_their_feature() -> None:
    out = Encode().fit_transform(TRAIN)
    stages = [f"clinical::stage={level}" for level in ("I", "II", "III")]
    assert list(out.columns) == ["HRF::a", *stages, "clinical::age", "clinical::sex=m", PATIENT]


def test_an_unseen_level_is_zero_everywhere() -> None:
    test = TRAIN.iloc[:1].assign(**{"clinical::stage": "IV", "clinical::sex": "x"})
    out = Encode(drop="none").fit(TRAIN).transform(test)
    assert out.filter(like="=").to_numpy().sum() == 0


def test_a_missing_value_is_zero_or_a_level() -> None:
    train = TRAIN.assign(**{"clinical::stage": ["I", None, "II", "I"]})
    zeros = Encode().fit_transform(train)
    assert zeros.filter(like="stage").iloc[1].tolist() == [0.0]
    own = Encode(missing="own").fit_transform(train)
    assert list(own.filter(like="stage").columns) == [f"clinical::stage={level}" for level in ("I", "II", "missing")]
    assert own["clinical::stage=missing"].tolist() == [0, 1, 0, 0]
    assert Encode(missing="own").fit(TRAIN).transform(train).filter(like="stage").iloc[1].sum() == 0


def test_a_feature_with_one_level() -> None:
    train = pd.DataFrame({"clinical::site": ["A", "A"]})
    assert Encode().fit_transform(train)["clinical::site=A"].tolist() == [1.0, 1.0]
    assert Encode(drop="first").fit_transform(train).shape == (2, 0)


def test_levels_that_are_numbers() -> None:
    train = pd.DataFrame({"clinical::grade": pd.Series([1, 2, None, 3], dtype=object)})
    assert list(Encode().fit_transform(train).columns) == [f"clinical::grade={level}" for level in (1, 2, 3)]


def test_only_the_named_blocks() -> None:
    table = TRAIN.rename(columns={"clinical::sex": "other::sex"})
    out = Encode(blocks=("clinical",)).fit_transform(table)
    assert out["other::sex"].tolist() == ["m", "f", "f", "m"]


def test_a_name_that_is_taken() -> None:
    with pytest.raises(DataError, match=r"encode: 1 \(first: 'clinical::stage=I'\) of the new columns"):
        Encode().fit(TRAIN.assign(**{"clinical::stage=I": 0.0}))
    twice = pd.DataFrame({"c::x": ["1=2", "a", "b"], "c::x=1": ["2", "a", "b"]})
    with pytest.raises(DataError, match="c::x=1=2"):
        Encode().fit(twice)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match="encode: the rows have no feature 'sex' that training had"):
        Encode().fit(TRAIN).transform(TRAIN.drop(columns="clinical::sex"))


def test_nothing_categorical() -> None:
    numeric = TRAIN[["HRF::a", "clinical::age"]]
    pd.testing.assert_frame_equal(Encode().fit_transform(numeric), numeric)
