"""What a p implies, and power: against statsmodels, and there and back."""

from __future__ import annotations

import pytest
from scipy import stats

from benchmark.statistics.anova_power import anova_power, implied_effect


@pytest.mark.parametrize(("p", "groups", "total"), [(0.0006, 4, 226), (0.0027, 4, 60), (0.3, 2, 12)])
def test_the_implied_f_has_that_p(p: float, groups: int, total: int) -> None:
    found = implied_effect(p, groups=groups, total=total)
    assert stats.f.sf(found.statistic, groups - 1, total - groups) == pytest.approx(p, rel=1e-9)
    assert found.f**2 == pytest.approx(found.eta_squared / (1 - found.eta_squared))
    assert found.statistic == pytest.approx(found.f**2 * (total - groups) / (groups - 1))


@pytest.mark.parametrize(("f", "groups", "total"), [(0.25, 4, 42), (0.4, 3, 60), (0.1, 2, 300)])
def test_power_is_that_of_statsmodels(f: float, groups: int, total: int) -> None:
    from statsmodels.stats.power import FTestAnovaPower

    wanted = FTestAnovaPower().power(f, total, 0.05, k_groups=groups)
    assert anova_power(f, groups=groups, total=total) == pytest.approx(wanted, abs=1e-9)


def test_power_without_an_effect_is_alpha() -> None:
    assert anova_power(0.0, groups=4, total=40, alpha=0.01) == pytest.approx(0.01)
