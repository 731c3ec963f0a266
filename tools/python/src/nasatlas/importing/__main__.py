"""Runs `nasatlas-import` as `python3 -m nasatlas.importing`."""

import sys

from nasatlas.importing.command import main

sys.exit(main())
