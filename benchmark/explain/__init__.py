"""What needs a fitted model: its coefficients, and what each feature contributed to each held-out prediction."""
