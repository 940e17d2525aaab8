"""Intervals, categories, tables and mutual information, against loops and scikit-learn."""

import math

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from benchmark.steps.bins import binned, counts_of, mutual_information


def test_few_values_are_categories_and_many_are_cut_at_quantiles() -> None:
    x = np.array([3.0, 1.0, 1.0, 2.0, 3.0, 1.0, 3.0, 3.0, 3.0, 3.0])
    values = np.column_stack([x, np.arange(10.0), -x])
    codes = binned(values, 4)
    assert codes[:, 0].tolist() == [2, 0, 0, 1, 2, 0, 2, 2, 2, 2]
    assert codes[:, 1].tolist() == [0, 0, 0, 1, 1, 2, 2, 3, 3, 3]  # cut at 2.25, 4.5, 6.75
    assert codes[:, 2].tolist() == [0, 2, 2, 1, 0, 2, 0, 0, 0, 0]


def test_equal_values_share_an_interval() -> None:
    x = np.concatenate([np.zeros(30), np.arange(1.0, 31.0)])[:, None]
    codes = binned(x, 5)[:, 0]
    assert len(set(codes[:30])) == 1
    assert (np.diff(codes[30:]) >= 0).all()


@pytest.mark.parametrize("n_classes", [2, 3])
def test_tables_and_information(n_classes: int) -> None:
    rng = np.random.default_rng(n_classes)
    values, classes = np.round(rng.normal(size=(60, 7)), 1), rng.integers(0, n_classes, 60)
    codes = binned(values, 4)
    counts = counts_of(codes, classes)
    assert counts.shape == (4, n_classes, 7)
    found = mutual_information(counts)
    for feature in range(7):
        information = 0.0
        for code in range(4):
            for label in range(n_classes):
                both = np.mean((codes[:, feature] == code) & (classes == label))
                assert counts[code, label, feature] == round(60 * both)
                if both:
                    apart = np.mean(codes[:, feature] == code) * np.mean(classes == label)
                    information += both * math.log(both / apart)
        assert found[feature] == pytest.approx(information, abs=1e-12)
        assert found[feature] == pytest.approx(mutual_info_score(codes[:, feature], classes), abs=1e-12)
