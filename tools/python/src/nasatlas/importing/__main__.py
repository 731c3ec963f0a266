"""`python3 -m nasatlas.importing` is `nasatlas-import`."""

import sys

from nasatlas.importing.command import main

sys.exit(main())
