"""`python -m iosemu` is the `iosemu` command."""

import sys

from iosemu.app import main

if __name__ == "__main__":
    sys.exit(main())
