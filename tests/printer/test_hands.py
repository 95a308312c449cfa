"""The virtual printer's limits and hands: buffer, pace, cable, power, voice; by method and by order."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from printer import raster, slip
from printer import status as st
from printer.address import SerialLine
from printer.device import Device
from printer.dialogue import Patience
from printer.errors import BadOrder
from printer.hands import ORDERS, Order, carry_out, parse_order
from printer.makes import FAMILIES, Build
from printer.mechanism import MOST, VirtualPrinter
from printer.paper import SlipFolder
from printer.ports import HandsSocket, VirtualPrinterLine
from printer.transport import SerialTransport

ROOT = Path(__file__).parents[2]
BAR = b"\x1dv0\x00\x01\x00\x02\x00\xff\xff"
CUT = b"\x1dVB\x00"
ECHO = st.fence(b"QQQQ")
ECHOED = b"\x37\x22QQQQ\x00"


class Stand:
    """A printer, a clock that is set by hand, and what the printer said."""

    def __init__(self, folder, build=None, family="full"):
        self.folder = SlipFolder(folder)
        self.time = 0.0
        self.printer = VirtualPrinter(self.folder, slip.WIDE, FAMILIES[family], build, lambda: self.time)
        self.said = bytearray()
        self.printer.connect(self.said.extend)

    def say(self):
        said = bytes(self.said)
        self.said.clear()
        return said


@pytest.fixture
def stand(tmp_path):
    return Stand(tmp_path)


# --- limits


def test_the_buffer_fills_while_the_paper_is_out_and_empties_with_a_new_roll(tmp_path):
    stand = Stand(tmp_path, Build(buffer=35))
    assert stand.printer.room() == 35
    stand.printer.run_out_of_paper()
    stand.printer.receive(BAR * 3)
    assert stand.printer.room() == 5
    stand.printer.receive(BAR[:5])
    assert stand.printer.room() == 0
    stand.printer.load_paper()
    assert stand.printer.room() == 30


def test_a_command_larger_than_the_buffer_is_taken_byte_by_byte(tmp_path):
    stand = Stand(tmp_path, Build(buffer=4))
    for bits in BAR + CUT:
        assert stand.printer.room()
        stand.printer.receive(bytes([bits]))
    assert stand.folder.last == 1


def test_the_head_takes_its_time_and_the_echo_waits_for_it(tmp_path):
    stand = Stand(tmp_path, Build(mm_a_second=100))
    stand.printer.receive(b"\x1bJ\xc8" + BAR + CUT + ECHO + st.ask(1))
    assert stand.say() == b"\x12"
    for seconds, last in ((0.24, 0), (0.2501, 0), (0.2526, 1)):
        stand.time = seconds
        stand.printer.work()
        assert stand.folder.last == last
    assert stand.say() == ECHOED


def test_a_slow_line_takes_no_more_than_its_bytes_a_second(tmp_path):
    stand = Stand(tmp_path, Build(bytes_a_second=1000))
    taken = 0
    while stand.time < 2:
        room = stand.printer.room()
        stand.printer.receive(bytes(room))
        taken += room
        stand.time += 0.001
    assert 1950 <= taken <= 2100


def test_it_can_be_slowed_down_and_let_go(stand):
    stand.printer.go_slow(1000, 50)
    assert stand.printer.room() == 50
    stand.printer.go_slow(0, 0)
    assert stand.printer.room() == MOST


# --- cable, power, voice


@pytest.mark.parametrize("count", [0, 3, 10, 12])
def test_unplugged_at_a_byte_it_takes_what_came_before(stand, count):
    stand.printer.at_byte(count, stand.printer.unplug)
    assert stand.printer.receive(BAR + CUT) == count
    assert stand.printer.receive(CUT) == 0
    stand.printer.plug_in()
    stand.printer.receive((BAR + CUT)[count:])
    assert (stand.folder.last, stand.printer.complaints) == (1, [])


@pytest.mark.parametrize("count", [3, 10])
def test_without_power_from_a_byte_on_the_buffer_is_lost_and_the_rest_goes_nowhere(stand, count):
    stand.printer.open_cover()
    stand.printer.at_byte(count, stand.printer.cut_power)
    assert stand.printer.receive(BAR + CUT + st.ask(1)) == 17
    stand.printer.restore_power()
    stand.printer.close_cover()
    assert (stand.folder.last, stand.say()) == (0, b"")
    stand.printer.receive(BAR + CUT + st.ask(1))
    assert (stand.folder.last, stand.say()) == (1, b"\x12")


def test_silent_it_prints_and_says_nothing(stand):
    stand.printer.fall_silent()
    stand.printer.receive(BAR + CUT + ECHO + st.ask(1))
    stand.printer.speak_plainly()
    assert (stand.folder.last, stand.say()) == (1, b"")


def test_garbage_is_as_long_as_the_answer_and_is_no_echo(stand):
    stand.printer.talk_garbage()
    stand.printer.receive(BAR + CUT + ECHO)
    garbage = stand.say()
    assert len(garbage) == len(ECHOED)
    assert st.Echo(b"QQQQ") not in st.Receiver().feed(garbage)


@pytest.mark.parametrize(
    ("family", "said"),
    [
        ("full", b"\x12" + ECHOED + b"\x00"),
        ("no-echo", b"\x12\x00"),
        ("gs-r", b"\x00"),
        ("status", b"\x12"),
        ("mute", b""),
    ],
)
def test_families_answer_what_they_answer(tmp_path, family, said):
    stand = Stand(tmp_path, family=family)
    stand.printer.receive(ECHO + st.PROCESSED + st.ask(1))
    assert stand.say() == said


# --- orders


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("near-end", Order("near-end")),
        (" paper-out 400\n", Order("paper-out", (400,))),
        ("at 1200 unplug", Order("unplug", (), 1200)),
        ("at 0 slow 960 50", Order("slow", (960, 50), 0)),
    ],
)
def test_an_order_is_read(text, order):
    assert parse_order(text) == order


@pytest.mark.parametrize("text", ["", "at", "at 5", "at x unplug", "burn", "slow 5", "unplug 5", "paper-out -1"])
def test_a_wrong_order_says_what_is_wrong(text):
    with pytest.raises(BadOrder):
        parse_order(text)


@given(some.text(max_size=30))
def test_any_text_is_an_order_or_a_bad_one(text):
    with suppress(BadOrder):
        parse_order(text)


@pytest.mark.parametrize(
    ("orders", "bits"),
    [
        (["near-end"], (0x12, 0x12, 0x12, 0x1E)),
        (["paper-out"], (0x1A, 0x32, 0x12, 0x7E)),
        (["paper-out", "load-paper"], (0x12, 0x12, 0x12, 0x12)),
        (["open-cover"], (0x1A, 0x16, 0x12, 0x12)),
        (["open-cover", "close-cover"], (0x12, 0x12, 0x12, 0x12)),
        (["jam-cutter"], (0x1A, 0x52, 0x1A, 0x12)),
        (["jam-cutter", "free-cutter"], (0x12, 0x12, 0x12, 0x12)),
        (["silent"], ()),
        (["garbage", "plain"], (0x12, 0x12, 0x12, 0x12)),
        (["power-off"], ()),
        (["power-off", "power-on"], (0x12, 0x12, 0x12, 0x12)),
        (["unplug"], ()),
        (["unplug", "plug-in"], (0x12, 0x12, 0x12, 0x12)),
        (["at 6 silent"], (0x12, 0x12)),
        (["slow 0 0"], (0x12, 0x12, 0x12, 0x12)),
    ],
)
def test_an_order_does_what_its_hand_does(stand, orders, bits):
    for order in orders:
        carry_out(parse_order(order), stand.printer)
    for question in st.QUESTIONS:
        stand.printer.receive(st.ask(question))
    assert stand.say() == bytes(bits)


def test_the_socket_takes_orders_and_answers_whoever_can_hear(stand, tmp_path):
    control = tmp_path / "hands"
    with HandsSocket(stand.printer, control), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hand:
        hand.settimeout(5)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as nameless:
            nameless.sendto(b"paper-out", str(control))
        hand.bind(str(tmp_path / "me"))
        for text, answer in ((b"open-cover\n", b"done"), (b"", b"order"), (b"\xff", b"order")):
            hand.sendto(text, str(control))
            assert hand.recv(1000).startswith(answer)
    assert stand.printer.out
    assert stand.printer.stopped
    assert not control.exists()


def test_every_order_is_named_in_the_error():
    with pytest.raises(BadOrder) as caught:
        parse_order("help")
    assert all(verb in str(caught.value) for verb in ORDERS)


# --- on a serial line


def test_on_a_line_a_slip_is_printed_and_after_replugging_the_next(tmp_path, make_slip):
    blob = raster.make_bytes(make_slip(), copy=False, width=slip.WIDE)
    folder = SlipFolder(tmp_path / "slips")
    printer = VirtualPrinter(folder, slip.WIDE, build=Build(buffer=4096))
    told = []
    with VirtualPrinterLine(printer, tmp_path / "tty") as line:
        transport = SerialTransport(SerialLine(str(line.link), 115200))
        device = Device(transport, told.append, lambda: False, Patience(answer=1, probe=1))
        assert device.ready()
        assert device.put(blob, 1).proof == "echo"
        line.drop_host()
        while not device.ready():
            assert told[-1].state == "offline"
        assert device.put(blob, 2).proof == "echo"
        device.close()
    assert folder.last == 2
    assert not line.link.is_symlink()


@pytest.mark.e2e
def test_the_command_is_a_serial_printer_with_hands(tmp_path):
    link, control = tmp_path / "tty", tmp_path / "hands"
    command = [sys.executable, "-m", "printer.virtual", "--pty", str(link), "--control", str(control)]
    command += ["--dir", str(tmp_path), "--answers", "gs-r", "--buffer", "4096", "--mm-a-second", "5000"]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline().strip() == f"serial:{link}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hand:
            hand.bind(str(tmp_path / "me"))
            hand.settimeout(5)
            hand.sendto(b"near-end", str(control))
            assert hand.recv(100) == b"done"
        transport = SerialTransport(SerialLine(str(link), 115200))
        transport.open()
        transport.write(BAR + CUT + st.PROCESSED)
        assert transport.read(5) == b"\x03"
        transport.close()
        process.terminate()
        assert process.wait(10) == 0
    assert (tmp_path / "slips" / "1.bin").read_bytes() == BAR + CUT
