"""Words for the size of a reliability coefficient.

    poor < 0.5 <= moderate < 0.75 <= good <= 0.9 < excellent

Source: Koo and Li (2016), Journal of Chiropractic Medicine 15:155, who ask for the confidence interval to be judged and
not the estimate alone. They leave open to which side a value of exactly 0.5 or 0.75 belongs.
"""

from __future__ import annotations

import numpy as np

BANDS = ("poor", "moderate", "good", "excellent")
NOT_COMPUTABLE = "not computable"


def band(values: np.ndarray) -> np.ndarray:
    """The band of each coefficient as text, in the same shape; ``not computable`` for NaN."""
    values = np.asarray(values, float)
    number = (values >= 0.5).astype(int) + (values >= 0.75) + (values > 0.9)
    return np.where(np.isnan(values), NOT_COMPUTABLE, np.array(BANDS, object)[number])
