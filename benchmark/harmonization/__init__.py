"""The harmonization audit: what a harmonization does to the features of a cohort, seen without any outcome.

Everything that is learned here is learned twice: from all cases, as harmonization papers describe their data, and from
the training cases of each fold, so that the held-out cases show what the harmonization is worth for a new patient.
"""
