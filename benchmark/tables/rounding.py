"""Numbers as a paper prints them. This is the only place that rounds.

AUC and proportions have 3 decimals, the ends of an interval as many as their estimate, p values 3 decimals down to
``<0.001``. A negative number has a true minus sign; a range has an en dash, or "to" where an end is negative, because a
dash beside a minus cannot be read. What is missing or not a number is an en dash, what is infinite is ``∞``.
Ties go to even, as in IEEE 754 and R. All functions take a number (or None) and give text.
"""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"
MISSING = EN_DASH
SMALLEST_P = 0.001


def number(value: float | None, *, digits: int = 3) -> str:
    """``0.742``; thousands are grouped and lose their decimals: ``1,234``."""
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return (MINUS if value < 0 else "") + "∞"
    text = _magnitude(abs(value), digits)
    return text if value >= 0 or _is_zero(text) else MINUS + text


def signed(value: float | None, *, digits: int = 3) -> str:
    """``+0.012``, ``−0.012``; what rounds to zero has no sign."""
    text = number(value, digits=digits)
    return text if text == MISSING or text.startswith(MINUS) or _is_zero(text) else "+" + text


def interval(estimate: float | None, low: float | None, high: float | None, *, digits: int = 3) -> str:
    """``0.742 (0.681–0.803)``; the estimate alone where an end of the interval is missing."""
    return _with_interval(number(estimate, digits=digits), number(low, digits=digits), number(high, digits=digits))


def difference(estimate: float | None, low: float | None, high: float | None, *, digits: int = 3) -> str:
    """``+0.012 (−0.010 to +0.034)``: a difference and its interval, all with their sign."""
    ends = signed(low, digits=digits), signed(high, digits=digits)
    return _with_interval(signed(estimate, digits=digits), *ends, separator=" to ")


def decimals(spread: float | None) -> int:
    """The decimals of values that lie so far apart: 1 for an SD of 9.9, 2 for 1.9, 0 from 20 on; six at most."""
    if spread is None or not math.isfinite(spread) or spread <= 0:
        return 1
    return min(6, max(0, 1 - math.floor(math.log10(spread / 2))))


def mean_sd(mean: float | None, sd: float | None, *, digits: int = 1) -> str:
    """``63.4 ± 9.8``; the mean alone where there is no SD."""
    spread = number(sd, digits=digits)
    return number(mean, digits=digits) + ("" if spread == MISSING else f" ± {spread}")


def quartiles(median: float | None, q1: float | None, q3: float | None, *, digits: int = 1) -> str:
    """``61.0 [54.0–70.5]``: the median with both quartiles."""
    middle, low, high = (number(value, digits=digits) for value in (median, q1, q3))
    if MISSING in (low, high):
        return middle
    return f"{middle} [{low}{' to ' if MINUS in low + high else EN_DASH}{high}]"


def spread(mean: float | None, sd: float | None, low: float | None, high: float | None) -> str:
    """``0.742 ± 0.031 (0.681–0.803)``: mean and standard deviation with the lowest and the highest; the mean alone
    where there is no other."""
    text, deviation = interval(mean, low, high), number(sd)
    return text if MISSING in (text, deviation) else text.replace(" (", f" ± {deviation} (", 1)


def p_value(p: float | None) -> str:
    """``0.034``, ``<0.001``."""
    if p is None or math.isnan(p):
        return MISSING
    return f"<{SMALLEST_P}" if p < SMALLEST_P else f"{p:.3f}"


def statistic(value: float | None) -> str:
    """A test statistic with 2 decimals."""
    return number(value, digits=2)


def degrees(df: float | None) -> str:
    """Degrees of freedom: whole where they are whole, else with 1 decimal."""
    whole = df is not None and math.isfinite(df) and float(df).is_integer()
    return number(df, digits=0 if whole else 1)


def count(n: float | None) -> str:
    """``1,770``."""
    return MISSING if n is None or math.isnan(n) else f"{round(n):,}".replace("-", MINUS)


def share(part: float | None, whole: float | None) -> str:
    """``43 (14.7%)``: how many, and of the whole."""
    if part is None or whole is None or math.isnan(part) or math.isnan(whole) or whole == 0:
        return count(part)
    return f"{count(part)} ({100 * part / whole:.1f}%)"


def part_of(part: float | None, whole: float | None) -> str:
    """``43 (14.7%)``, ``42.6 (14.5%)``: the same where the part may be a mean of counts."""
    text = share(part, whole)
    return text if part is None else text.replace(count(part), degrees(part), 1)


def percent(level: float) -> str:
    """``95%``: the level of an interval."""
    return f"{100 * level:.4g}%"


def whole_percent(share: float) -> str:
    """``76%``: a share where there is little room."""
    if math.isnan(share):
        return MISSING
    return f"{100 * share:.0f}%"


def seconds(value: float | None) -> str:
    """``0.4 s``, ``35 s``, ``12 min``, ``3.4 h``: a length of time."""
    if value is None or math.isnan(value):
        return MISSING
    if value < 120:
        return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"
    return f"{value / 60:.0f} min" if value < 7200 else f"{value / 3600:.1f} h"


def figures(value: float) -> str:
    """``71.3``, ``0.0391``: three figures, where values of any size stand side by side."""
    return number(value, digits=decimals(abs(value) / 5))


def tick(value: float) -> str:
    """``0.25``, ``60``, ``−2``: a round number on an axis, without zeros at its end."""
    return f"{value:.6g}".replace("-", MINUS)


def _magnitude(value: float, digits: int) -> str:
    """A number >= 0: fixed decimals below a thousand, grouped up to ten millions, else powers of ten."""
    if value >= 1e7:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.{digits}f}"


def _is_zero(text: str) -> bool:
    return not text.strip("0.")


def _with_interval(estimate: str, low: str, high: str, *, separator: str | None = None) -> str:
    if MISSING in (estimate, low, high):
        return estimate
    if separator is None:
        separator = " to " if low.startswith(MINUS) or high.startswith(MINUS) else EN_DASH
    return f"{estimate} ({low}{separator}{high})"
