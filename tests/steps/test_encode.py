"""Categorical features become indicator columns."""

import pandas as pd
import pytest
from sklearn.preprocessing import OneHotEncoder

from benchmark.errors import ConfigError, DataError
from benchmark.frame import PATIENT
from benchmark.menu import check_parameters
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


def test_rare_levels_as_one_hot_encoder_merges_them() -> None:
    levels = ["a"] * 6 + ["b"] * 5 + ["c"] * 2 + ["d"] + ["e"] * 4
    train = pd.DataFrame({"clinical::site": levels})
    test = pd.DataFrame({"clinical::site": ["a", "c", "d", "never", "e"]})
    for count, share in ((3, 0.0), (1, 3 / 18)):
        reference = OneHotEncoder(
            min_frequency=3, handle_unknown="infrequent_if_exist", sparse_output=False
        ).fit(train)  # fmt: skip
        step = Encode(min_count=count, min_share=share).fit(train)
        out = step.transform(test)
        assert list(out.columns) == [f"clinical::site={level}" for level in ("a", "b", "e", "other")]
        assert out.to_numpy().tolist() == reference.transform(test).tolist()
        assert step.remarks_ == [
            "rare levels of 1 (first: 'clinical::site') features, in 3 training rows, were merged into 'other'"
        ]


def test_without_a_rare_level_an_unseen_one_is_still_zero() -> None:
    step = Encode(min_count=2).fit(pd.DataFrame({"clinical::s": ["x", "x", "y", "y"]}))
    assert step.transform(pd.DataFrame({"clinical::s": ["z"]})).to_numpy().tolist() == [[0.0]]
    assert step.remarks_ == []


def test_a_declared_order_gives_places() -> None:
    out = Encode(ordinal={"stage": ("I", "II", "III", "IV")}).fit_transform(TRAIN)
    assert list(out.columns) == ["HRF::a", "clinical::stage", "clinical::age", "clinical::sex=m", PATIENT]
    assert out["clinical::stage"].tolist() == [1.0, 0.0, 2.0, 0.0]
    whole_name = Encode(ordinal={"clinical::stage": ("I", "II", "III")}).fit_transform(TRAIN)
    assert whole_name["clinical::stage"].tolist() == [1.0, 0.0, 2.0, 0.0]


def test_levels_outside_the_order() -> None:
    test = TRAIN.assign(**{"clinical::stage": ["III", "X", None, "I"]}, index=list("abcd")).set_index("index")
    order = {"stage": ("I", "II", "III")}
    message = r"encode: 'stage' of 1 rows \(first: 'X' of 'b'\) is not in its order: I, II, III\. Add the level, or set"
    with pytest.raises(DataError, match=message):
        Encode(ordinal=order).fit(TRAIN).transform(test)
    missing = Encode(ordinal=order, undeclared="missing").fit(TRAIN).transform(test)["clinical::stage"]
    assert missing.isna().tolist() == [False, True, True, False]
    median = Encode(ordinal=order, undeclared="median").fit(TRAIN).transform(test)["clinical::stage"]
    assert median.fillna(-1).tolist() == [2.0, 0.5, -1.0, 0.0]


def test_orders_that_cannot_be() -> None:
    with pytest.raises(ConfigError, match=r"order of 'stage' should name two levels or more, once each, not \['I'\]"):
        Encode(ordinal={"stage": ("I",)}).fit(TRAIN)
    with pytest.raises(ConfigError, match="the order of 'stage'"):
        Encode(ordinal={"stage": ("I", "II", "I")}).check()
    step = Encode(ordinal={"stag": ("I", "II")}).fit(TRAIN)
    assert step.remarks_ == ["no categorical feature has the name of 1 (first: 'stag') declared orders"]


def test_an_order_may_be_written_with_numbers() -> None:
    params = check_parameters(Encode, {"ordinal": {"grade": [1, 2, 3]}}, leave_out=("blocks", "per_block"))
    train = pd.DataFrame({"clinical::grade": pd.Series(["3", "1", "2"], dtype=object)})
    assert Encode(**params).fit_transform(train)["clinical::grade"].tolist() == [2.0, 0.0, 1.0]
