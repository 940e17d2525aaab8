"""Reproduction packs: published numbers, the data they came from, and a verdict on each.

A pack is a YAML: predictions made elsewhere and experiments of ours that are run, the published numbers, where in the
results the same number of ours stands, and how far the two may be apart.
"""
