"""What people do with the queue: one function a verb, one transaction each. The only writer of the store."""
