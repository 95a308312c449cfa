"""The rules of the queue: pure, standard library only. No clock, no I/O, no threads: time and facts are handed in."""
