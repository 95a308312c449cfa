"""The virtual printer: bytes understood, paper drawn, files whole, hands that work."""

import os
import socket
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from printer import interpret as esc
from printer import raster, slip
from printer import status as st
from printer.interpret import Interpreter
from printer.mechanism import Manners, VirtualPrinter
from printer.paper import SlipFolder, write_whole
from printer.virtual import VirtualPrinterServer

ROOT = Path(__file__).parents[2]
BAR = b"\x1dv0\x00\x01\x00\x02\x00\xff\xff"
CUT = b"\x1dVB\x00"


def commands(data: bytes) -> list[esc.Command]:
    return [command for command, _ in Interpreter().feed(data)]


@pytest.fixture
def folder(tmp_path):
    return SlipFolder(tmp_path / "slips")


@pytest.fixture
def printer(folder):
    said: list[bytes] = []
    printer = VirtualPrinter(folder, slip.WIDE)
    printer.connect(said.append)
    printer.said = said
    return printer


# --- understanding


@pytest.mark.parametrize(
    ("data", "command"),
    [
        (b"\x1b@", esc.Reset()),
        (BAR, esc.Raster(1, 2, b"\xff\xff")),
        (b"\x1bJ\x18", esc.FeedDots(24)),
        (b"\x1bd\x03", esc.FeedLines(3)),
        (b"\n", esc.FeedLines(1)),
        (b"\x1dV\x00", esc.Cut()),
        (b"\x1dV1", esc.Cut()),
        (CUT, esc.Cut()),
        (b"\x1d(H\x06\x00\x30\x30ABCD", esc.AskEcho(b"ABCD")),
        (b"\x1dr\x01", esc.AskProcessed(1)),
        (b"\x1da\xff", esc.AutoStatus(255)),
        (b"\x10\x04\x04", esc.AskNow(4)),
        (b"\x00\x00\x00", esc.Nothing()),
        (b"A", esc.Unknown(b"A")),
        (b"\x1dV\x07", esc.Unknown(b"\x1dV\x07")),
        (b"\x1dv0\x01", None),
        (b"\x1d(H\x03\x00\x30\x30A", esc.Unknown(b"\x1d(H\x03\x00\x30\x30A")),
    ],
)
def test_a_command_is_known_by_its_bytes(data, command):
    assert commands(data) == ([command] if command else [])
    if command and not isinstance(command, esc.Nothing):
        assert commands(data + b"\n") == [command, esc.FeedLines(1)]


def test_a_raster_at_another_density_is_not_guessed_at():
    assert commands(b"\x1dv0\x01\x01\x00\x01\x00\xff")[0] == esc.Unknown(b"\x1dv0\x01")


@given(cuts=some.lists(some.integers(0, 60), max_size=8))
def test_where_the_stream_is_cut_makes_no_difference(cuts):
    data = b"\x1b@" + BAR + b"\x1bJ\x10\x10\x04\x01" + BAR + CUT + b"\x1d(H\x06\x00\x30\x30ABCD\x1dr\x01"
    interpreter = Interpreter()
    heard: list[esc.Command] = []
    places = sorted({0, *(min(cut, len(data)) for cut in cuts), len(data)})
    for start, end in pairwise(places):
        heard += [command for command, _ in interpreter.feed(data[start:end])]
    assert heard == commands(data)
    assert not interpreter.inside


@given(some.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_survived_and_none_are_lost(data):
    interpreter = Interpreter()
    taken = b"".join(raw for _, raw in interpreter.feed(data))
    assert taken + interpreter._pending == data


def test_unknown_bytes_are_reported(printer):
    printer.receive(b"Hello")
    assert len(printer.complaints) == 5
    assert "48" in str(printer.complaints[0])
    assert printer.complaints[0].code == "bytes_not_understood"


def test_an_image_wider_than_the_paper_is_reported(folder):
    printer = VirtualPrinter(folder, 384)
    printer.receive(b"\x1dv0\x00\x31\x00\x01\x00" + bytes(49))
    assert "384" in str(printer.complaints[0])


# --- files


def test_slips_are_numbered_and_go_on_after_a_restart(tmp_path):
    for number in range(1, 4):
        VirtualPrinter(SlipFolder(tmp_path), slip.WIDE).receive(BAR + CUT)
        assert SlipFolder(tmp_path).last == number
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{number}.{kind}" for number in (1, 2, 3) for kind in ("bin", "png")
    ]


def test_a_picture_without_its_bytes_is_no_slip(tmp_path):
    (tmp_path / "1.png").write_bytes(b"half")
    (tmp_path / ".1.bin.new").write_bytes(b"half")
    (tmp_path / "notes.bin").write_bytes(b"")
    VirtualPrinter(SlipFolder(tmp_path), slip.WIDE).receive(BAR + CUT)
    with Image.open(tmp_path / "1.png") as image:
        assert image.size == (slip.WIDE, 2)
    assert (tmp_path / "1.bin").read_bytes() == BAR + CUT


def test_a_blank_strip_is_no_slip(printer, folder):
    printer.receive(b"\x1b@\x1bJ\xff" + CUT)
    assert folder.last == 0


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "mark"
    for text in (b"first", b"second"):
        write_whole(path, text)
        assert path.read_bytes() == text
    assert list(tmp_path.iterdir()) == [path]


# --- hands


def test_out_of_paper_it_answers_at_once_and_prints_later(printer, folder):
    printer.run_out_of_paper()
    printer.receive(BAR + CUT + st.fence(b"ABCD") + st.PROCESSED)
    printer.receive(st.ask(1) + st.ask(2) + st.ask(3) + st.ask(4))
    assert b"".join(printer.said) == bytes([0x1A, 0x32, 0x12, 0x7E])
    assert folder.last == 0
    printer.said.clear()
    printer.load_paper()
    assert folder.last == 1
    assert b"".join(printer.said) == b"\x37\x22ABCD\x00\x00"


def test_paper_ends_inside_a_slip_and_goes_on_after_a_new_roll(printer, folder):
    printer.run_out_of_paper(after_dots=3)
    printer.receive(BAR * 4 + b"\n" + CUT)
    printer.receive(st.ask(4))
    assert b"".join(printer.said) == bytes([0x7E])
    printer.load_paper()
    assert folder.last == 1
    assert printer.complaints == []


def test_the_cover_and_the_cutter_have_bits_of_their_own(printer, folder):
    printer.open_cover()
    printer.receive(st.ask(2))
    printer.close_cover()
    printer.jam_cutter()
    printer.receive(BAR + CUT + st.ask(2) + st.ask(3))
    assert b"".join(printer.said) == bytes([0x16, 0x52, 0x1A])
    assert folder.last == 0
    printer.free_cutter()
    assert folder.last == 1


def test_a_thin_roll_prints_and_says_so(printer):
    printer.run_low_on_paper()
    printer.receive(st.ask(4) + st.PROCESSED)
    assert b"".join(printer.said) == bytes([0x1E, 0x03])


def test_an_unknown_question_is_reported(printer):
    printer.receive(st.ask(9))
    assert "question 9" in str(printer.complaints[0])


def test_it_may_be_a_make_that_answers_nothing(folder):
    said: list[bytes] = []
    printer = VirtualPrinter(folder, slip.WIDE, Manners(now=False, processed=False, echo=False))
    printer.connect(said.append)
    printer.receive(BAR + CUT + st.fence(b"ABCD") + st.PROCESSED + st.ask(1))
    assert said == []
    assert folder.last == 1
    assert printer.complaints == []


def test_power_lost_forgets_what_was_not_printed(printer, folder):
    printer.open_cover()
    printer.receive(BAR + b"\x1dv0\x00\x01")
    printer.lose_power()
    printer.close_cover()
    printer.receive(BAR + CUT)
    with Image.open(folder._folder / "1.png") as image:
        assert image.height == 2


# --- on the network


def test_on_loopback_it_prints_and_answers(printer, folder):
    with VirtualPrinterServer(printer) as server, socket.create_connection(("127.0.0.1", server.port), 5) as host:
        host.sendall(BAR + CUT + st.fence(b"ABCD"))
        assert host.recv(7, socket.MSG_WAITALL) == b"\x37\x22ABCD\x00"
    assert folder.last == 1


def test_a_half_command_outlives_the_connection(printer, folder):
    with VirtualPrinterServer(printer) as server:
        server.drop_host_after(9)
        with socket.create_connection(("127.0.0.1", server.port), 5) as host:
            host.sendall(BAR[:9])
            assert host.recv(1) == b""
        with socket.create_connection(("127.0.0.1", server.port), 5) as host:
            host.sendall(BAR[9:] + CUT + st.PROCESSED)
            assert host.recv(1) == b"\x00"
    assert folder.last == 1
    assert printer.complaints == []


@pytest.mark.e2e
def test_the_command_serves_slips_over_tcp(tmp_path, make_slip):
    command = [sys.executable, "-m", "printer.virtual", "--port", "0", "--dir", str(tmp_path)]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    data = raster.make_bytes(make_slip(), copy=False, width=slip.WIDE)
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        port = int(process.stdout.readline().rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 5) as host:
            host.sendall(data + st.PROCESSED)
            assert host.recv(1) == b"\x00"
        process.terminate()
        assert process.wait(10) == 0
    assert (tmp_path / "slips" / "1.bin").read_bytes() == data


def test_hands_may_be_another_thread(printer, folder):
    printer.run_out_of_paper()
    done = threading.Event()

    def hands() -> None:
        for _ in range(20):
            printer.load_paper()
            printer.run_out_of_paper(after_dots=1)
        printer.load_paper()
        done.set()

    thread = threading.Thread(target=hands)
    thread.start()
    for _ in range(50):
        printer.receive(BAR + CUT)
    thread.join(10)
    assert done.is_set()
    printer.load_paper()
    assert folder.last == 50
