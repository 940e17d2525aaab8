"""radbench: leak-free benchmarking of radiomics models."""
