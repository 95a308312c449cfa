"""The ticket printer: knows slips, not queues. Talks to the appliance through `appliance.client` only.

    facts -> slip (lines) -> raster (library) -> bytes -> device (dialogue, status, transport, address) -> paper

`spooler` (session, mark, known) drives it; `virtual` (ports, mechanism, hands, makes, interpret, paper) stands
in for hardware. `checkpoints` guard a slip on a serial line; `libusb` is a transport of its own.
`lines`, `slip`, `status`, `interpret` and `checkpoints` are pure.
`__main__` is the only place where options become objects.
"""
