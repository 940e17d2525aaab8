"""Figures of a review: functions of the frames of ``benchmark.reviews``; which stand on the page is told there."""
