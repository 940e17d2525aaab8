"""Times to an event that not all cases were followed to: curves, tests, models and the concordance of risk scores."""
