"""Figures of a reproduction pack."""
