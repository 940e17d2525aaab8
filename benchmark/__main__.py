"""``python -m benchmark``: the same as the command ``radbench``."""

from benchmark.cli import main

if __name__ == "__main__":
    main()
