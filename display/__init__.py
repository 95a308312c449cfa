"""The hall TV: knows the board, not the queue. Talks to the appliance through `appliance.client` only."""
