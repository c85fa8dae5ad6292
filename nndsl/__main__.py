"""``python -m nndsl``."""

from nndsl.cli import main

if __name__ == "__main__":
    main()
