"""The queue of a reception day: rules, store, LAN API, operators' pages, hardware buttons."""
