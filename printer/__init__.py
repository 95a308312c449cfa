"""The ticket printer: knows slips, not queues. Talks to the appliance through `appliance.client` only."""
