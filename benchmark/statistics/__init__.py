"""Statistics: tables of predictions in, tidy tables of estimates and comparisons out."""
