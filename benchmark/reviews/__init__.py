"""Published studies compared by the families of their features: what reviews do, with every choice declared.

A registry has one row per published figure. A pooling rule makes of it one number per study and family; everything else
is computed from these numbers.
"""
