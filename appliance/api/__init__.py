"""The LAN API: parse, call one office function, serialise. One blueprint a file; rules live elsewhere."""
