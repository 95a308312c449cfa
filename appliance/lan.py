"""This machine's address on the hall's network. No packet is sent, and no route to anywhere is needed."""

import fcntl
import socket
import struct
from typing import Final

SIOCGIFADDR: Final = 0x8915
"""Linux, netdevice(7): the IPv4 address of an interface."""
LOOPBACK: Final = "127.0.0.1"


def lan_address() -> str:
    """Return the IPv4 address that slips and screens name: the first interface's that is not loopback.

    A hall has a switch and no gateway, so asking the kernel for a route would find nothing. Without any address it is
    loopback.
    """
    found = [address for name in interfaces() if (address := address_of(name)) and not address.startswith("127.")]
    return found[0] if found else LOOPBACK


def interfaces() -> list[str]:
    """Return the names of the interfaces; bridges and virtual ends that containers make come last."""
    names = [name for _index, name in socket.if_nameindex()]
    return sorted(names, key=lambda name: name.startswith(("docker", "br-", "veth", "virbr")))


def address_of(interface: str) -> str | None:
    """Return an interface's IPv4 address, None when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            answer = fcntl.ioctl(probe, SIOCGIFADDR, struct.pack("256s", interface.encode()[:15]))
        except OSError:
            return None
    return socket.inet_ntoa(answer[20:24])
