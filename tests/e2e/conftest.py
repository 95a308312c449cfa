"""Lets the end-to-end tests import the people and the tools beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
