"""The hardware panel: a press becomes a ticket once, or is refused visibly. Talks to the server as a client."""
