"""The ticket printer: knows slips, not queues. Talks to the appliance through `appliance.client` only.

    facts -> slip (lines) -> raster (library) -> bytes -> device (dialogue, status, transport, libusb, address)

`spooler` (session, mark, known) drives it; `virtual` (ports, mechanism, hands, makes, interpret, paper) stands
in for hardware.
`lines`, `slip`, `status` and `interpret` are pure. `__main__` is the only place where options become objects.
"""
