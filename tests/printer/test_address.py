"""Printers named by URL."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from printer.address import BAUDS, SerialLine, Tcp, Usb, UsbLp, Virtual, parse_address
from printer.errors import BadPrinterUrl


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("virtual:", Virtual()),
        ("tcp://192.168.10.20:9100", Tcp("192.168.10.20", 9100)),
        ("tcp://printer.local", Tcp("printer.local", 9100)),
        ("tcp://[fe80::1]:9101", Tcp("fe80::1", 9101)),
        ("serial:/dev/ttyUSB0?baud=115200", SerialLine("/dev/ttyUSB0", 115200)),
        ("serial:/dev/ttyS0", SerialLine("/dev/ttyS0", 115200)),
        ("serial:/dev/ttyS0?baud=9600", SerialLine("/dev/ttyS0", 9600)),
        ("usblp:/dev/usb/lp0", UsbLp("/dev/usb/lp0")),
        ("usb:0416:5011", Usb(0x0416, 0x5011)),
        ("usb:04B8:0E15:J5XF003461", Usb(0x04B8, 0x0E15, "J5XF003461")),
        ("usb:0fe6:811e:a:b", Usb(0x0FE6, 0x811E, "a:b")),
        (" usblp:/dev/ticket-printer ", UsbLp("/dev/ticket-printer")),
    ],
)
def test_a_url_names_a_printer(text, address):
    assert parse_address(text) == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("", "no kind", "virtual:"),
        ("/dev/usb/lp0", "no kind", "usblp:/dev/usb/lp0"),
        ("lpd://host", "'lpd'", "tcp://host:9100"),
        ("virtual:/somewhere", "takes nothing", "use virtual:"),
        ("tcp:host:9100", "no host", "tcp://host:9100"),
        ("tcp://", "no host", "tcp://host:9100"),
        ("tcp://host:printer", "port", "tcp://host:9100"),
        ("tcp://host:0", "port", "1 to 65535"),
        ("tcp://host:99999", "port", "1 to 65535"),
        ("tcp://host/queue", "only a host", "tcp://host:9100"),
        ("tcp://[fe80::1", "not a URL", "tcp://host:9100"),
        ("serial:ttyUSB0", "no device path", "serial:/dev/ttyUSB0?baud=115200"),
        ("serial://dev/ttyUSB0", "no device path", "serial:/dev/ttyUSB0?baud=115200"),
        ("serial:/dev/ttyUSB0?baud=fast", "'fast'", "115200"),
        ("serial:/dev/ttyUSB0?baud=1", "'1'", "115200"),
        ("serial:/dev/ttyUSB0?baud=9600&baud=19200", "once", "baud=115200"),
        ("serial:/dev/ttyUSB0?speed=9600", "'baud'", "baud=115200"),
        ("usblp:lp0", "no device path", "usblp:/dev/usb/lp0"),
        ("usblp:/dev/usb/lp0?baud=9600", "no settings", "usblp:/dev/usb/lp0"),
        ("usblp:/dev/usb/lp0#1", "'#'", "usblp:/dev/usb/lp0"),
        ("usb:0416", "no vendor and product", "usb:0416:5011"),
        ("usb:0x0416:0x5011", "hexadecimal", "usb:0416:5011"),
        ("usb://0416:5011", "no vendor and product", "usb:0416:5011"),
        ("usb:0416:5011:A?x=1", "nothing may follow", "usb:0416:5011"),
    ],
)
def test_a_bad_url_says_what_is_wrong_and_what_is_right(text, wrong, right):
    with pytest.raises(BadPrinterUrl) as caught:
        parse_address(text)
    assert wrong in str(caught.value)
    assert right in str(caught.value)
    assert caught.value.permanent


@given(some.text(max_size=40))
def test_any_text_is_an_address_or_a_clear_error(text):
    try:
        address = parse_address(text)
    except BadPrinterUrl:
        return
    assert parse_address(str(address)) == address


@given(some.sampled_from(BAUDS))
def test_every_baud_rate_offered_is_taken(baud):
    assert parse_address(f"serial:/dev/ttyS0?baud={baud}") == SerialLine("/dev/ttyS0", baud)
