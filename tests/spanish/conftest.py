"""The snippets of tests/syntax are read here, too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "syntax"))
