"""The strategies stand beside this folder; what says a policy in another language does so for the tests of Spanish."""

import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(TESTS / "strategies"), str(TESTS / "spanish")]
