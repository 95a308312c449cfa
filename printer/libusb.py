"""A USB printer reached through libusb, for makes that the kernel's usblp driver does not take.

python-escpos's own `Usb` waits for ever or loses the rest of a short write, guesses the endpoints, and resets the
device when it opens it, which cuts a slip short that the printer still holds. Here every transfer has a deadline,
short writes are gone on with, interface and endpoints come from the descriptors (USB 2.0, 9.6; USB printer class
1.1, 4.2), nothing is reset, and a kernel driver that had to go is called back on closing.
"""

import errno
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import usb.core
import usb.util

from printer.address import Usb
from printer.errors import DeviceAbsent, DeviceLost, DeviceStalled
from printer.transport import CHUNK, PATIENCE_SECONDS, READ_SECONDS, Transport

PRINTER_CLASS: Final = 7
VENDOR_CLASS: Final = 0xFF
TWO_WAY: Final = 2
"""The printer class's protocol with a way back."""
WORDS: Final = {
    errno.EACCES: "not allowed; a udev rule must give the device to the printer's group",
    errno.EBUSY: "another program holds it",
    errno.ENODEV: "it is gone",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pipes:
    """One interface of a device, and its bulk endpoints. `back` is None when there is no way back."""

    interface: int
    setting: int
    out: int
    back: int | None
    packet: int
    rank: tuple[bool, ...]


class LibusbTransport(Transport):
    """A USB printer by vendor, product and, when there are several alike, serial number."""

    def __init__(self, address: Usb, backend: Any = None) -> None:
        """`backend` is a `usb.backend.IBackend`; by default pyusb looks for libusb when the device is opened."""
        super().__init__()
        self._address = address
        self._backend = backend
        self._usb: Any = None
        self._pipes: Pipes | None = None
        self._detached = False

    def __str__(self) -> str:
        return str(self._address)

    @property
    def identity(self) -> str:
        """Vendor, product and serial number of the device that is open."""
        serial = None if self._usb is None else _serial(self._usb)
        return f"{self._address.vendor:04x}:{self._address.product:04x}:{serial or ''}"

    def open(self) -> None:
        """Connect. Raises DeviceAbsent."""
        try:
            self._usb = self._find()
            self._pipes = self._find_pipes()
            self._take_interface(self._pipes)
        except usb.core.NoBackendError as error:
            raise DeviceAbsent(f"{self}: libusb is not installed; install libusb-1.0-0") from error
        except DeviceAbsent:
            self.close()
            raise
        except usb.core.USBError as error:
            self.close()
            raise DeviceAbsent(f"{self} cannot be opened: {_words(error)}") from error

    def close(self) -> None:
        """Disconnect; harmless when closed."""
        device, self._usb = self._usb, None
        pipes, self._pipes = self._pipes, None
        if device is None:
            return
        with suppress(usb.core.USBError, NotImplementedError):
            if pipes is not None:
                usb.util.release_interface(device, pipes.interface)
                if self._detached:
                    device.attach_kernel_driver(pipes.interface)
        self._detached = False
        usb.util.dispose_resources(device)

    def write(self, data: bytes, patience: float = PATIENCE_SECONDS) -> None:
        """Send all of `data`. Raises DeviceLost, or DeviceStalled after `patience` seconds without progress."""
        sent = 0
        deadline = time.monotonic() + patience
        while sent < len(data):
            pipes = self._demand(sent)
            try:
                count: int = self._usb.write(pipes.out, data[sent : sent + CHUNK], _milliseconds(deadline))
            except usb.core.USBTimeoutError:
                count = 0
            except usb.core.USBError as error:
                raise self._lost(error, pipes.out, sent) from error
            sent += count
            if count:
                deadline = time.monotonic() + patience
            elif time.monotonic() >= deadline:
                raise DeviceStalled(f"{self} takes no data", sent)

    def read(self, timeout: float = READ_SECONDS) -> bytes:
        """Return what the device said, waiting at most `timeout` seconds; empty when nothing. Raises DeviceLost."""
        pipes = self._demand(0)
        if pipes.back is None:
            time.sleep(timeout)
            return b""
        # Whole packets: a device that says more than was asked for breaks the transfer off (libusb, "overflow").
        size = max(1, CHUNK // pipes.packet) * pipes.packet
        try:
            return bytes(self._usb.read(pipes.back, size, _milliseconds(time.monotonic() + timeout)))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise self._lost(error, pipes.back, 0) from error

    # --- inside

    def _find(self) -> Any:
        wanted = self._address
        found = list(
            usb.core.find(find_all=True, backend=self._backend, idVendor=wanted.vendor, idProduct=wanted.product)
        )
        if wanted.serial is not None:
            found = [device for device in found if _serial(device) == wanted.serial]
        if not found:
            raise DeviceAbsent(f"{self} is not there")
        if len(found) > 1:
            known = ", ".join(str(_serial(device)) for device in found)
            raise DeviceAbsent(f"{self}: {len(found)} printers are alike; add the serial number ({known})")
        return found[0]

    def _find_pipes(self) -> Pipes:
        """Return the interface to print through: printer class before others, with a way back before without."""
        try:
            configuration = self._usb.get_active_configuration()
        except usb.core.USBError:
            # Only a device without a configuration is given one: setting it anew is a reset of its own.
            self._usb.set_configuration()
            configuration = self._usb.get_active_configuration()
        known = [pipes for interface in configuration if (pipes := _pipes_of(interface)) is not None]
        if not known:
            raise DeviceAbsent(f"{self} has no interface that takes print data")
        return max(known, key=lambda pipes: pipes.rank)

    def _take_interface(self, pipes: Pipes) -> None:
        with suppress(NotImplementedError):
            if self._usb.is_kernel_driver_active(pipes.interface):
                self._usb.detach_kernel_driver(pipes.interface)
                self._detached = True
        usb.util.claim_interface(self._usb, pipes.interface)
        if pipes.setting:
            self._usb.set_interface_altsetting(pipes.interface, pipes.setting)

    def _demand(self, sent: int) -> Pipes:
        if self._usb is None or self._pipes is None:
            raise DeviceLost(f"{self} is not open", sent)
        return self._pipes

    def _lost(self, error: usb.core.USBError, endpoint: int, sent: int) -> DeviceLost:
        if error.errno == errno.EPIPE:
            # A halted endpoint stays halted for the next connection.
            with suppress(usb.core.USBError, NotImplementedError):
                self._usb.clear_halt(endpoint)
        return DeviceLost(f"{self} was lost: {_words(error)}", sent)


def _pipes_of(interface: Any) -> Pipes | None:
    if interface.bInterfaceClass not in {PRINTER_CLASS, VENDOR_CLASS}:
        return None
    bulk = [end for end in interface if usb.util.endpoint_type(end.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK]
    ends = {usb.util.endpoint_direction(end.bEndpointAddress): end for end in reversed(bulk)}
    out, back = ends.get(usb.util.ENDPOINT_OUT), ends.get(usb.util.ENDPOINT_IN)
    if out is None:
        return None
    rank = (
        interface.bInterfaceClass == PRINTER_CLASS,
        back is not None,
        interface.bInterfaceProtocol == TWO_WAY,
        interface.bAlternateSetting == 0,
    )
    return Pipes(
        interface.bInterfaceNumber,
        interface.bAlternateSetting,
        out.bEndpointAddress,
        None if back is None else back.bEndpointAddress,
        CHUNK if back is None else back.wMaxPacketSize,
        rank,
    )


def _serial(device: Any) -> str | None:
    """Return the serial number; None when there is none, or it may not be read."""
    try:
        serial: str | None = usb.util.get_string(device, device.iSerialNumber)
    except (usb.core.USBError, ValueError):
        return None
    return serial


def _milliseconds(deadline: float) -> int:
    """Return how long a transfer may take; never 0, which is for ever."""
    return max(1, round((deadline - time.monotonic()) * 1000))


def _words(error: usb.core.USBError) -> str:
    return WORDS.get(error.errno or 0) or error.strerror or str(error)
