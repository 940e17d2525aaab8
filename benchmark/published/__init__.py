"""Published pipelines as experiments: the catalogue, what each of them asks for, and how one is run."""
