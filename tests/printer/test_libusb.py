"""A USB printer through libusb, on a fake of pyusb's documented backend interface (`usb.backend.IBackend`)."""

import errno
from array import array
from types import SimpleNamespace

import pytest
import usb.backend
import usb.core

from printer import raster, slip
from printer.address import Usb
from printer.device import Device
from printer.dialogue import Patience
from printer.errors import DeviceAbsent, DeviceLost, DeviceStalled
from printer.libusb import LibusbTransport
from printer.makes import Build
from printer.mechanism import VirtualPrinter
from printer.paper import SlipFolder

OUT, BACK = 0x03, 0x81
ADDRESS = Usb(0x0416, 0x5011)
PATIENCE = 0.05


def end(address, kind=2):
    return SimpleNamespace(
        bLength=7, bDescriptorType=5, bEndpointAddress=address, bmAttributes=kind, wMaxPacketSize=64, bInterval=0,
        bRefresh=0, bSynchAddress=0, extra_descriptors=[],
    )  # fmt: skip


def interface(ends, kind=7, protocol=2, setting=0):
    return SimpleNamespace(
        bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=setting, bNumEndpoints=len(ends),
        bInterfaceClass=kind, bInterfaceSubClass=1, bInterfaceProtocol=protocol, iInterface=0, extra_descriptors=[],
        ends=ends,
    )  # fmt: skip


class FakeBackend(usb.backend.IBackend):
    """One bus with some devices alike. `most` is how many bytes one transfer takes; `fails` is raised by the next."""

    def __init__(self, printer, serials=("A1",), settings=None):
        self.printer = printer
        self.serials = list(serials)
        self.settings = settings or [interface([end(OUT), end(BACK)])]
        self.most = 1000
        self.fails = []
        self.calls = []
        self.said = bytearray()
        self.kernel = True
        printer.connect(self.said.extend)

    def fail(self, code, times=1):
        self.fails += [usb.core.USBError("failed", None, code)] * times

    def _call(self, name):
        self.calls.append(name)

    def enumerate_devices(self):
        return iter(range(len(self.serials)))

    def get_device_descriptor(self, dev):
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=0x0416, idProduct=0x5011, bcdDevice=0x100, iManufacturer=0, iProduct=0,
            iSerialNumber=3, bNumConfigurations=1, address=dev, bus=1, port_number=1, port_numbers=(1,), speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev, config):
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0, bMaxPower=0, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev, intf, alt, config):
        if intf:
            raise IndexError
        return self.settings[alt]

    def get_endpoint_descriptor(self, dev, ep, intf, alt, config):
        return self.settings[alt].ends[ep]

    def open_device(self, dev):
        self._call("open")
        return dev

    def close_device(self, dev_handle):
        self._call("close")

    def get_configuration(self, dev_handle):
        return 1

    def set_configuration(self, dev_handle, config_value):
        self._call("configure")

    def set_interface_altsetting(self, dev_handle, intf, altsetting):
        self._call(f"setting {altsetting}")

    def claim_interface(self, dev_handle, intf):
        self._raise()
        self._call("claim")

    def release_interface(self, dev_handle, intf):
        self._call("release")

    def is_kernel_driver_active(self, dev_handle, intf):
        return self.kernel

    def detach_kernel_driver(self, dev_handle, intf):
        self.kernel = False

    def attach_kernel_driver(self, dev_handle, intf):
        self.kernel = True

    def reset_device(self, dev_handle):
        self._call("reset")

    def clear_halt(self, dev_handle, ep):
        self._call(f"clear {ep:#04x}")

    def ctrl_transfer(self, dev_handle, *setup_and_data):
        _, _, wanted, _, data, _ = setup_and_data
        text = self.serials[dev_handle].encode("utf-16-le") if wanted & 0xFF else b"\x09\x04"
        answer = array("B", bytes([len(text) + 2, 3]) + text)
        data[: len(answer)] = answer
        return len(answer)

    def bulk_write(self, dev_handle, ep, intf, data, timeout):
        assert timeout > 0, "0 is for ever"
        assert ep in {OUT, 0x05}
        self._raise()
        count = min(self.most, len(data), self.printer.room())
        if not count:
            raise usb.core.USBTimeoutError("timed out", None, errno.ETIMEDOUT)
        return self.printer.receive(bytes(data[:count]))

    def bulk_read(self, dev_handle, ep, intf, buff, timeout):
        assert timeout > 0, "0 is for ever"
        assert len(buff) % 64 == 0
        self._raise()
        if not self.said:
            raise usb.core.USBTimeoutError("timed out", None, errno.ETIMEDOUT)
        data, self.said[:] = bytes(self.said), b""
        buff[: len(data)] = array("B", data)
        return len(data)

    def _raise(self):
        if self.fails:
            raise self.fails.pop(0)


@pytest.fixture
def printer(tmp_path):
    return VirtualPrinter(SlipFolder(tmp_path), slip.WIDE, build=Build(buffer=4096))


@pytest.fixture
def bus(printer):
    return FakeBackend(printer)


@pytest.fixture
def transport(bus):
    transport = LibusbTransport(ADDRESS, bus)
    yield transport
    transport.close()


def test_a_slip_goes_through_short_writes_and_the_echo_comes_back(bus, transport, make_slip, tmp_path):
    bus.most = 61
    blob = raster.make_bytes(make_slip(), copy=False, width=slip.WIDE)
    device = Device(transport, lambda _: None, lambda: False, Patience(answer=0.3, probe=0.5))
    assert device.ready()
    assert device.put(blob, 1).proof == "echo"
    device.close()
    assert (tmp_path / "1.bin").read_bytes() == blob
    assert "reset" not in bus.calls
    assert "configure" not in bus.calls


def test_a_printer_that_takes_nothing_stalls_and_the_count_is_true(bus, transport):
    bus.printer.open_cover()
    transport.open()
    with pytest.raises(DeviceStalled) as caught:
        transport.write(b"\n" * 10_000, PATIENCE)
    assert caught.value.sent == 4096
    assert transport.read(0.001) == b""


@pytest.mark.parametrize("code", [errno.EIO, errno.ENODEV])
def test_a_pulled_cable_is_lost_and_opening_again_works_without_a_reset(bus, transport, code):
    transport.open()
    transport.write(b"\n" * 10, PATIENCE)
    bus.fail(code)
    with pytest.raises(DeviceLost) as caught:
        transport.write(b"\n", PATIENCE)
    assert caught.value.sent == 0
    bus.fail(code)
    with pytest.raises(DeviceLost):
        transport.read(0.001)
    transport.close()
    transport.open()
    transport.write(b"\x10\x04\x01", PATIENCE)
    assert transport.read(0.1) == b"\x12"
    assert "reset" not in bus.calls


def test_a_halted_endpoint_is_freed_for_the_next_connection(bus, transport):
    transport.open()
    bus.fail(errno.EPIPE)
    with pytest.raises(DeviceLost):
        transport.write(b"\n", PATIENCE)
    assert f"clear {OUT:#04x}" in bus.calls


def test_the_kernels_driver_is_sent_away_and_called_back(bus, transport):
    transport.open()
    assert not bus.kernel
    transport.close()
    transport.close()
    assert bus.kernel
    with pytest.raises(DeviceLost, match="not open"):
        transport.write(b"\n")


@pytest.mark.parametrize(
    ("settings", "calls"),
    [
        ([interface([end(OUT)], protocol=1), interface([end(OUT), end(BACK)], setting=1)], ["setting 1"]),
        ([interface([end(0x05), end(BACK)], kind=0xFF, protocol=0)], []),
        ([interface([end(0x82, kind=3), end(BACK), end(OUT)])], []),
    ],
)
def test_the_endpoints_come_from_the_descriptors(printer, settings, calls):
    bus = FakeBackend(printer, settings=settings)
    transport = LibusbTransport(ADDRESS, bus)
    transport.open()
    transport.write(b"\x10\x04\x01", PATIENCE)
    assert transport.read(0.1) == b"\x12"
    assert [call for call in bus.calls if call.startswith("setting")] == calls
    transport.close()


def test_without_a_way_back_nothing_is_read(printer):
    transport = LibusbTransport(ADDRESS, FakeBackend(printer, settings=[interface([end(OUT)], protocol=1)]))
    transport.open()
    transport.write(b"\x10\x04\x01", PATIENCE)
    assert transport.read(0.001) == b""
    transport.close()


@pytest.mark.parametrize(
    ("address", "serials", "words"),
    [
        (Usb(0x0416, 0x5012), ["A1"], "not there"),
        (Usb(0x0416, 0x5011, "B"), ["A1"], "not there"),
        (Usb(0x0416, 0x5011), ["A1", "A2"], "A1, A2"),
    ],
)
def test_a_device_that_cannot_be_told_is_absent(printer, address, serials, words):
    with pytest.raises(DeviceAbsent, match=words):
        LibusbTransport(address, FakeBackend(printer, serials)).open()


def test_of_two_alike_the_serial_number_tells(printer):
    transport = LibusbTransport(Usb(0x0416, 0x5011, "A2"), FakeBackend(printer, ["A1", "A2"]))
    transport.open()
    assert transport._usb.address == 1
    assert transport.identity == "0416:5011:A2"
    transport.close()


def test_a_device_that_takes_no_print_data_is_absent(printer):
    bus = FakeBackend(printer, settings=[interface([end(OUT), end(BACK)], kind=8)])
    with pytest.raises(DeviceAbsent, match="no interface"):
        LibusbTransport(ADDRESS, bus).open()


@pytest.mark.parametrize(("code", "words"), [(errno.EACCES, "udev"), (errno.EBUSY, "another program")])
def test_a_device_that_may_not_be_had_says_why(bus, transport, code, words):
    bus.fail(code)
    with pytest.raises(DeviceAbsent, match=words):
        transport.open()


def test_without_libusb_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("usb.backend.libusb1.get_backend", lambda *_, **__: None)
    monkeypatch.setattr("usb.backend.libusb0.get_backend", lambda *_, **__: None)
    monkeypatch.setattr("usb.backend.openusb.get_backend", lambda *_, **__: None)
    with pytest.raises(DeviceAbsent, match=r"libusb-1\.0-0"):
        LibusbTransport(ADDRESS).open()
