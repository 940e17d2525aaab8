"""NRI and IDI against PredictABEL, loops, and their invariants; Hmisc and nricens in tests/oracles."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.reclassification import idi, nri_categorical, nri_continuous

CUTS = [0.3, 0.6]


@pytest.fixture(scope="module")
def hosny(shared: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict]:
    folder = shared / "oracles" / "07_comparison"
    table = pd.read_csv(folder / "hosny_external_B.csv")
    expected = json.loads((folder / "expected.json").read_text())["nri_hosny_B_std_ridge_new_lr"]
    return table["y"].to_numpy(), table["p_ridge"].to_numpy(), table["p_lr"].to_numpy(), expected


def simulated(seed: int = 0, n: int = 80) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = (np.arange(n) % 3 == 0).astype(int)
    return y, rng.random(n).round(2), np.clip(rng.random(n) * 0.8 + 0.2 * y, 0, 1).round(2)


@pytest.mark.shared
def test_intervals_and_p_values_are_those_predictabel_prints(hosny: tuple) -> None:
    y, old, new, every = hosny
    found = (nri_categorical(y, old, new, CUTS).nri, nri_continuous(y, old, new).nri, idi(y, old, new).idi)
    for ours, line in zip(found, every["PredictABEL_printed"], strict=True):
        value, low, high, p = (float(part) for part in _numbers(line))
        assert (ours.estimate, ours.low, ours.high) == pytest.approx((value, low, high), abs=6e-5)
        assert ours.p == pytest.approx(p, abs=6e-6)


def _numbers(line: str) -> list[str]:
    return line.split(":", 1)[1].replace("[", " ").replace("]", " ").replace(";", " ").replace(" - ", " ").replace(
        "p-value:", " "
    ).split()  # fmt: skip


def test_definitions_with_loops() -> None:
    y, old, new = simulated()

    def category(p: float) -> int:
        return sum(p >= cut for cut in CUTS)

    moves: dict[int, list[int]] = {0: [], 1: []}
    for label, before, after in zip(y, old, new, strict=True):
        moves[label].append(np.sign(category(after) - category(before)))
    expected = np.mean(moves[1]) - np.mean(moves[0])
    variance = sum(np.var(moves[label]) / len(moves[label]) for label in (0, 1))
    found = nri_categorical(y, old, new, CUTS).nri
    assert (found.estimate, found.se) == pytest.approx((expected, np.sqrt(variance)))
    change = new - old
    variance = sum(np.var(change[y == label], ddof=1) / np.sum(y == label) for label in (0, 1))
    assert idi(y, old, new).idi.se == pytest.approx(np.sqrt(variance))


def test_a_cut_point_belongs_to_the_upper_category() -> None:
    y = np.array([1, 1, 0, 0])
    found = nri_categorical(y, np.full(4, 0.29), np.array([0.3, 0.3, 0.29, 0.29]), CUTS)
    assert (found.up_events, found.up_nonevents) == (1, 0)


def test_old_and_new_exchanged_change_the_sign() -> None:
    y, old, new = simulated(1)
    for function in (nri_continuous, lambda *three: nri_categorical(*three, CUTS)):
        one, other = function(y, old, new).nri, function(y, new, old).nri
        assert one.estimate == pytest.approx(-other.estimate)
        assert (one.se, one.p, one.low) == pytest.approx((other.se, other.p, -other.high))
    assert idi(y, old, new).idi.estimate == pytest.approx(-idi(y, new, old).idi.estimate)


def test_patients_with_one_case_each_change_nothing_and_copies_do() -> None:
    y, old, new = simulated(2)
    alone = nri_continuous(y, old, new).nri
    assert nri_continuous(y, old, new, patient=np.arange(len(y))).nri.se == pytest.approx(alone.se)
    twice = np.concatenate
    patient = twice([np.arange(len(y))] * 2)
    copied = nri_continuous(twice([y, y]), twice([old, old]), twice([new, new]), patient=patient).nri
    assert (copied.estimate, copied.se) == pytest.approx((alone.estimate, alone.se))
    naive = nri_continuous(twice([y, y]), twice([old, old]), twice([new, new])).nri
    assert naive.se == pytest.approx(alone.se / np.sqrt(2))


def test_equal_models_and_changes_without_variance() -> None:
    y, old, _ = simulated(3)
    for same in (nri_continuous(y, old, old).nri, nri_categorical(y, old, old, CUTS).nri, idi(y, old, old).idi):
        assert (same.estimate, same.statistic, same.p, same.low, same.high) == (0, 0, 1, 0, 0)
    shifted = idi(y, old, old + 0.1).idi
    assert (shifted.statistic, shifted.p) == (0, 1)
    perfect = nri_continuous(y, np.full(len(y), 0.5), np.where(y == 1, 0.9, 0.1)).nri
    assert perfect.estimate == 2
    assert np.isnan([perfect.p, perfect.statistic, perfect.low]).all()


@pytest.mark.parametrize("classes", [0, 1])
def test_one_class_is_undefined(classes: int) -> None:
    _, old, new = simulated(4)
    y = np.full(len(old), classes)
    for found in (nri_continuous(y, old, new).nri, nri_categorical(y, old, new, CUTS).nri, idi(y, old, new).idi):
        assert np.isnan([found.estimate, found.p, found.low]).all()


def test_missing_probabilities_are_undefined_never_left_out() -> None:
    y, old, new = simulated(5)
    new[3] = np.nan
    for found in (nri_continuous(y, old, new).nri, nri_categorical(y, old, new, CUTS).nri, idi(y, old, new).idi):
        assert np.isnan([found.estimate, found.se, found.p]).all()
    assert np.isnan(nri_categorical(y, old, new, CUTS).up_events)


def test_a_single_event_has_an_idi_without_interval() -> None:
    y = np.array([1, 0, 0, 0, 0])
    found = idi(y, np.array([0.2, 0.3, 0.1, 0.4, 0.2]), np.array([0.6, 0.2, 0.1, 0.3, 0.3])).idi
    assert found.estimate == pytest.approx(0.4 + 0.025)
    assert np.isnan([found.se, found.p, found.low]).all()


@pytest.mark.parametrize("cuts", [[], [0.5, 0.5], [0.6, 0.3], [0.0, 0.5], [0.5, 1.0]])
def test_wrong_cut_points(cuts: list[float]) -> None:
    with pytest.raises(ConfigError, match="cut points of the NRI"):
        nri_categorical(*simulated(), cuts)


def test_unknown_variance() -> None:
    with pytest.raises(ConfigError, match=r"unknown variance of the NRI 'pencina'\. Did you mean 'pencina_2008'"):
        nri_continuous(*simulated(), variance="pencina")


def test_patients_with_events_and_nonevents_with_loops() -> None:
    y, old, new = simulated(6, n=60)
    patient = np.arange(60) // 3  # one event and two non-events each
    change = new - old
    expected = 0.0
    for number in range(20):
        part = 0.0
        for i in np.flatnonzero(patient == number):
            group = change[y == y[i]]
            sign = 1 if y[i] == 1 else -1
            part += sign * (change[i] - group.mean()) / np.sqrt(len(group) * (len(group) - 1))
        expected += part**2
    assert idi(y, old, new, patient=patient).idi.se == pytest.approx(np.sqrt(expected))
