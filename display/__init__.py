"""The hall TV: knows the board, not the queue. Talks to the appliance through `appliance.client` only."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # pygame greets on stdout when it is imported
