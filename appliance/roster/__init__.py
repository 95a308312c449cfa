"""Rosters from the files that offices send, every fault told at once; the rules are `appliance.domain.roster`."""

from appliance.roster.describe import describe
from appliance.roster.files import read_roster, sample_roster

__all__ = ["describe", "read_roster", "sample_roster"]
