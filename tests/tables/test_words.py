"""What features are called where blocks share names."""

from __future__ import annotations

from benchmark.tables.words import words_of_features


def test_features_of_two_blocks_with_one_name_are_told_apart() -> None:
    features = [
        ("CT", "volume", ""),
        ("PET", "volume", ""),
        ("PET", "mean", ""),
        ("clinical", "age", ""),
        ("CT", "score", "score"),
    ]
    assert list(words_of_features(features).values()) == ["CT volume", "PET volume", "PET mean", "age", "CT score"]
    assert list(words_of_features(features[1:]).values()) == ["volume", "mean", "age", "CT score"]
    assert words_of_features([*features, ("CT", "volume", "")]) == words_of_features(features)
