"""What is told of a cohort beside its models: who the cases are, each feature alone, blocks against blocks, pictures.

No model ever sees anything of it. This half checks what is asked for and carries the data over the waist; the numbers
are ``statistics.cohort_description``.
"""
