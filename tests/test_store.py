"""Finished work is whole or not there, and is found again by what it depends on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmark.store import Record, Store, key_of


def test_round_trip(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    record = Record({"scores": np.array([[0.1, 0.9]])}, {"trials": [1, "two", None]}, "because")
    assert not store.has("a")
    assert store.read("a") is None
    for compress in (True, False):
        store.write("a", record, compress=compress)
        found = store.read("a")
        assert found is not None
        np.testing.assert_array_equal(found.arrays["scores"], record.arrays["scores"])
        assert found.facts == record.facts
        assert found.failure == "because"
    store.forget("a")
    assert not store.has("a")
    store.forget("a")


def test_a_damaged_record_is_no_record(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write("a", Record({"x": np.arange(1000)}))
    whole = store.path("a").read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 5):
        store.path("a").write_bytes(whole[:cut])
        assert store.read("a") is None
        assert not store.has("a")


def test_no_draft_is_left(tmp_path: Path) -> None:
    Store(tmp_path).write("a", Record())
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_keys_follow_the_content() -> None:
    assert key_of("a", {"x": 1, "y": 2}) == key_of("a", {"y": 2, "x": 1})
    assert key_of("a", {"x": 1}) != key_of("a", {"x": 2})
    assert key_of("a", "b") != key_of("ab")
