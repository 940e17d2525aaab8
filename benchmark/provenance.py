"""Where a result came from: versions, seed, hashes of the files that were read, and the command."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmark.versions import versions

DISTRIBUTIONS = (
    "radbench", "numpy", "pandas", "scipy", "scikit-learn", "xgboost", "xgboost-cpu", "catboost", "lightgbm", "shap",
    "neuroCombat", "pingouin", "statsmodels", "optuna", "pyarrow", "matplotlib",
)  # fmt: skip


def provenance(files: Iterable[Path], *, seed: int | None = None, source: str = "") -> dict[str, Any]:
    """What to keep beside the results. ``files``: everything that was read; ``source``: hash of the code that fits, if
    anything was fitted."""
    told = {
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "seed": seed,
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions(DISTRIBUTIONS),
        "source_hash": source,
        "files": [{"file": path.name, "bytes": path.stat().st_size, "sha256": _sha256(path)} for path in files],
    }
    return {key: value for key, value in told.items() if value not in (None, "")}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
