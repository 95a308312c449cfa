"""One printer: what it can prove, and what happens when it cannot."""

import os
import threading
import tty

import pytest

from printer import raster, slip
from printer.address import SerialLine, Tcp, UsbLp
from printer.checkpoints import add_checkpoints
from printer.device import Device
from printer.dialogue import Patience
from printer.interpret import AskProcessed, Interpreter
from printer.known import Fence, Known, KnownFile
from printer.makes import FAMILIES
from printer.mechanism import Manners, VirtualPrinter
from printer.paper import SlipFolder
from printer.transport import SerialTransport, TcpTransport, UsbLpTransport
from printer.virtual import VirtualPrinterServer, VirtualTransport

QUICK = Patience(answer=0.3, probe=0.5, fence=0.8, stall=0.3, give_up=0.6, poll=0.05, mute=0.1, last=0.2)
ALL = Manners()
NO_ECHO = Manners(echo=False)
STATUS_ONLY = Manners(echo=False, processed=False)
GS_R_ONLY = FAMILIES["gs-r"]
MUTE = Manners(now=False, echo=False, processed=False)


class Stand:
    """A device on a virtual printer with the manners of some make."""

    def __init__(self, folder, manners=ALL, transport=None, memory=None):
        self.folder = SlipFolder(folder)
        self.printer = VirtualPrinter(self.folder, slip.WIDE, manners)
        self.transport = transport or VirtualTransport(self.printer)
        self.told = []
        self.ending = threading.Event()
        self.blocked = threading.Event()
        self.device = Device(self.transport, self.tell, self.ending.is_set, QUICK, memory)

    def tell(self, status):
        self.told.append(status)
        if status.state == "blocked":
            self.blocked.set()


@pytest.fixture
def blob(make_slip):
    return raster.make_bytes(make_slip(), copy=False, width=slip.WIDE)


@pytest.mark.parametrize(
    ("manners", "kind", "proof"),
    [
        (ALL, "printed", "drawn"),
        (NO_ECHO, "printed", "processed"),
        (STATUS_ONLY, "sent", None),
        (MUTE, "sent", None),
        (GS_R_ONLY, "printed", "processed"),
    ],
)
def test_it_claims_no_more_than_the_printer_proves(tmp_path, blob, manners, kind, proof):
    stand = Stand(tmp_path, manners)
    for job in (1, 2, 3):
        assert stand.device.ready()
        outcome = stand.device.put(blob, job)
        assert (outcome.kind, outcome.proof) == (kind, proof)
    assert stand.folder.last == 3
    assert stand.printer.complaints == []


def test_a_printer_without_a_voice_is_unknown_not_fine(tmp_path):
    stand = Stand(tmp_path, MUTE)
    assert stand.device.ready()
    assert stand.told[-1].state == "unknown"


def test_one_that_spoke_and_is_silent_now_gets_no_slip(tmp_path):
    stand = Stand(tmp_path)
    assert stand.device.ready()
    stand.printer._manners = MUTE
    assert not stand.device.ready()
    assert stand.told[-1].state == "unknown"
    stand.printer._manners = ALL
    assert stand.device.ready()


@pytest.mark.parametrize("manners", [ALL, NO_ECHO, STATUS_ONLY])
def test_blocked_inside_a_slip_it_waits_and_sends_nothing_twice(tmp_path, blob, manners):
    stand = Stand(tmp_path, manners)
    assert stand.device.ready()
    stand.printer.run_out_of_paper(after_dots=400)
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(stand.device.put(blob, 7)))
    thread.start()
    assert stand.blocked.wait(5)
    stand.printer.load_paper()
    thread.join(5)
    assert outcomes[0].kind == ("sent" if manners is STATUS_ONLY else "printed")
    assert stand.folder.last == 1


def test_told_to_end_while_the_paper_is_out_it_is_uncertain(tmp_path, blob):
    stand = Stand(tmp_path)
    assert stand.device.ready()
    stand.printer.run_out_of_paper()
    stand.ending.set()
    outcome = stand.device.put(blob, 1)
    assert outcome.kind == "uncertain"
    assert "paper" in outcome.detail
    assert stand.device.torn


def test_unplugged_before_the_first_byte_nothing_was_touched(tmp_path, blob):
    stand = Stand(tmp_path)
    assert stand.device.ready()
    stand.transport.unplug()
    assert stand.device.put(blob, 1).kind == "untouched"
    assert not stand.device.torn
    assert not stand.device.ready()
    stand.transport.plug_in()
    assert stand.device.ready()
    assert stand.device.put(blob, 1).kind == "printed"


def test_a_printer_that_forgot_the_slip_is_uncertain(tmp_path, blob):
    stand = Stand(tmp_path)
    assert stand.device.ready()
    stand.printer.receive = len  # takes everything and does nothing
    outcome = stand.device.put(blob, 1)
    assert outcome.kind == "uncertain"


def test_a_fence_is_known_only_when_a_free_printer_was_asked(tmp_path, blob):
    stand = Stand(tmp_path)
    stand.printer.open_cover()
    assert not stand.device.ready()
    stand.printer.close_cover()
    assert stand.device.ready()
    assert stand.device.put(blob, 1).proof == "drawn"


def test_an_answer_that_comes_too_late_is_not_the_next_ones(tmp_path):
    """The first answer misses its time and says all is well; the second question's own says the cover is open."""
    stand = Stand(tmp_path)
    stand.printer.open_cover()
    hold = [b"\x12"]

    def say_late(data: bytes) -> None:
        if hold:
            return  # the first answer stays in the cable
        stand.transport._take(data)

    stand.device._connect()
    stand.printer.connect(say_late)
    assert stand.device._dialogue.ask(1) is None
    stand.transport._take(hold.pop())
    assert stand.device._dialogue.ask(2) == 0x16


@pytest.mark.parametrize("extra", [b"\x12", b"\xff"])
def test_an_answer_in_a_crowd_is_no_answer(tmp_path, extra):
    stand = Stand(tmp_path)
    stand.device._connect()
    stand.printer.connect(lambda data: stand.transport._take(extra + data))
    assert stand.device._dialogue.ask(1) is None


# --- what is known of a printer


@pytest.mark.parametrize(
    ("manners", "known"),
    [
        (ALL, Known(questions=(1, 2, 3, 4), fence=Fence.ECHO)),
        (NO_ECHO, Known(questions=(1, 2, 3, 4), fence=Fence.PROCESSED)),
        (STATUS_ONLY, Known(questions=(1, 2, 3, 4), fence=Fence.NONE)),
        (GS_R_ONLY, Known(questions=(), fence=Fence.PROCESSED)),
        (MUTE, Known()),
    ],
)
def test_what_a_printer_answers_is_kept_on_disk(tmp_path, manners, known):
    stand = Stand(tmp_path, manners, memory=KnownFile(tmp_path, "kiosk"))
    assert stand.device.ready()
    assert KnownFile(tmp_path, "kiosk").recall("virtual:") == known
    assert KnownFile(tmp_path, "kiosk").recall("tcp://host:9100") == Known()


@pytest.mark.parametrize("manners", [ALL, NO_ECHO, STATUS_ONLY, GS_R_ONLY])
def test_one_that_is_silent_at_start_with_its_cover_open_is_not_taken_for_mute(tmp_path, blob, manners):
    assert Stand(tmp_path, manners, memory=KnownFile(tmp_path, "kiosk")).device.ready()
    stand = Stand(tmp_path, manners, memory=KnownFile(tmp_path, "kiosk"))
    stand.printer.open_cover()
    stand.printer.fall_silent()
    for _ in range(3):
        assert not stand.device.ready()
        assert stand.told[-1].state == "unknown"
    stand.printer.speak_plainly()
    stand.printer.close_cover()
    while not stand.device.ready():
        assert stand.told[-1].state == "unknown"
    outcome = stand.device.put(blob, 1)
    assert outcome.kind == ("sent" if manners is STATUS_ONLY else "printed")
    assert stand.folder.last == 1


@pytest.mark.parametrize(("manners", "proof"), [(ALL, "drawn"), (GS_R_ONLY, "processed")])
def test_one_that_nobody_knows_and_that_was_silent_at_start_is_heard_when_it_speaks(tmp_path, blob, manners, proof):
    stand = Stand(tmp_path, manners)
    stand.printer.open_cover()
    if manners is ALL:
        stand.printer.fall_silent()
    assert stand.device.ready()
    assert stand.told[-1].state == "unknown"
    stand.printer.speak_plainly()
    stand.printer.close_cover()
    stand.device._looked = 0.0
    assert stand.device.ready()
    assert stand.told[-1].state == "ready"
    assert stand.device.put(blob, 1).proof == proof


def test_one_that_answers_in_order_tells_of_its_paper_and_holds_the_slip(tmp_path, blob):
    stand = Stand(tmp_path, GS_R_ONLY)
    stand.printer.run_low_on_paper()
    assert stand.device.ready()
    assert stand.told[-1].paper == "low"
    stand.printer.run_out_of_paper()
    assert not stand.device.ready()
    stand.printer.load_paper()
    assert stand.device.ready()
    stand.printer.run_out_of_paper(after_dots=400)
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(stand.device.put(blob, 1)))
    stand.told.clear()
    thread.start()
    while not stand.told:
        thread.join(0.01)
    stand.printer.load_paper()
    thread.join(5)
    assert (outcomes[0].kind, outcomes[0].proof) == ("printed", "processed")
    assert stand.folder.last == 1


def test_an_answer_in_order_that_was_lost_is_asked_for_again(tmp_path, blob):
    stand = Stand(tmp_path, GS_R_ONLY)
    assert stand.device.ready()
    stand.printer.fall_silent()
    assert not stand.device.ready()
    stand.printer.speak_plainly()
    stand.device._answered -= QUICK.fence
    assert not stand.device.ready()
    assert stand.device.ready()
    assert stand.device.put(blob, 1).proof == "processed"


def test_a_fence_that_fails_once_is_not_given_up(tmp_path):
    memory = KnownFile(tmp_path, "kiosk")
    memory.keep("virtual:", Known(questions=(1, 2, 3, 4), fence=Fence.ECHO))
    stand = Stand(tmp_path, memory=memory)
    probes = []
    probe = stand.device._probe

    def fail_once(question):
        probes.append(question)
        return Fence.NONE if len(probes) == 1 else probe(question)

    stand.device._probe = fail_once
    assert stand.device.ready()
    assert memory.recall("virtual:").fence is Fence.ECHO
    assert len(probes) == 2


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"virtual:": {"fence": "shout"}}'])
def test_damaged_knowledge_is_no_knowledge(tmp_path, damage):
    (tmp_path / "printer-kiosk.known.json").write_bytes(damage)
    memory = KnownFile(tmp_path, "kiosk")
    assert memory.recall("virtual:") == Known()
    assert memory.keep("virtual:", Known(fence=Fence.ECHO))
    assert not memory.keep("virtual:", Known(fence=Fence.ECHO))
    assert KnownFile(tmp_path, "kiosk").recall("virtual:").fence is Fence.ECHO


# --- over the network


def test_over_tcp_the_echo_is_the_proof(tmp_path, blob):
    stand = Stand(tmp_path)
    with VirtualPrinterServer(stand.printer) as server:
        device = Device(TcpTransport(Tcp("127.0.0.1", server.port)), stand.tell, stand.ending.is_set, QUICK)
        assert device.ready()
        outcome = device.put(blob, 1)
        device.close()
    assert (outcome.kind, outcome.proof) == ("printed", "echo")
    assert (tmp_path / "1.bin").read_bytes() == blob


def test_a_connection_closed_while_idle_is_opened_again_at_once(tmp_path, blob):
    stand = Stand(tmp_path)
    with VirtualPrinterServer(stand.printer) as server:
        device = Device(TcpTransport(Tcp("127.0.0.1", server.port)), stand.tell, stand.ending.is_set, QUICK)
        assert device.ready()
        server.drop_host()
        assert device.ready()
        assert device.put(blob, 1).proof == "echo"
        device.close()
    assert {status.state for status in stand.told} == {"ready"}


@pytest.mark.parametrize("part", [1, 40, 3000, 20_000])
def test_a_cable_pulled_inside_a_slip_leaves_a_torn_piece_and_the_next_slip_is_whole(tmp_path, blob, part):
    stand = Stand(tmp_path)
    with VirtualPrinterServer(stand.printer) as server:
        device = Device(TcpTransport(Tcp("127.0.0.1", server.port)), stand.tell, stand.ending.is_set, QUICK)
        assert device.ready()
        server.drop_host_after(part)
        assert device.put(blob, 1).kind == "uncertain"
        assert device.torn
        assert device.ready()
        assert device.put(blob, 2).proof == "echo"
        device.close()
    last = stand.folder.last
    assert (tmp_path / f"{last}.bin").read_bytes() == blob
    assert last == (1 if part == 1 else 2)
    assert stand.printer.complaints == []


def test_a_printer_that_takes_no_more_data_is_told_and_goes_on(tmp_path, blob):
    stand = Stand(tmp_path)
    with VirtualPrinterServer(stand.printer) as server:
        patience = Patience(stall=0.2, give_up=30)
        device = Device(TcpTransport(Tcp("127.0.0.1", server.port)), stand.tell, stand.ending.is_set, patience)
        assert device.ready()
        server.refuse_data()
        outcomes = []
        many = (blob[:-4] * 30 + blob[-4:]) * 5
        thread = threading.Thread(target=lambda: outcomes.append(device.put(many, 1)))
        thread.start()
        assert stand.blocked.wait(10)
        server.take_data()
        thread.join(30)
        device.close()
    assert "takes no data" in next(status.detail for status in stand.told if status.state == "blocked")
    assert outcomes[0].kind == "printed"
    assert b"".join((tmp_path / f"{number}.bin").read_bytes() for number in range(1, 6)) == many


# --- over a line


@pytest.mark.parametrize("kind", ["serial", "usblp"])
def test_over_a_line_the_echo_is_the_proof(tmp_path, blob, kind):
    stand = Stand(tmp_path)
    master, slave = os.openpty()
    tty.setraw(slave)
    name = os.ttyname(slave)

    def be_a_printer() -> None:
        stand.printer.connect(lambda data: os.write(master, data) and None)
        while True:
            try:
                data = os.read(master, 4096)
            except OSError:
                return
            stand.printer.receive(data)

    transport = SerialTransport(SerialLine(name, 115200)) if kind == "serial" else UsbLpTransport(UsbLp(name))
    device = Device(transport, stand.tell, stand.ending.is_set, Patience(probe=2, answer=1))
    thread = threading.Thread(target=be_a_printer)
    thread.start()
    assert device.ready()
    assert stand.told[-1].state == "ready"
    outcome = device.put(blob, 1)
    device.close()
    os.close(slave)
    thread.join(5)
    os.close(master)
    assert (outcome.kind, outcome.proof) == ("printed", "echo")
    assert (tmp_path / "1.bin").read_bytes() == blob


def test_a_cable_pulled_again_while_the_torn_slip_is_ended(tmp_path, blob):
    stand = Stand(tmp_path)
    with VirtualPrinterServer(stand.printer) as server:
        device = Device(TcpTransport(Tcp("127.0.0.1", server.port)), stand.tell, stand.ending.is_set, QUICK)
        assert device.ready()
        server.drop_host_after(3000)
        assert device.put(blob, 1).kind == "uncertain"
        server.drop_host_after(100)
        device.ready()
        assert device.ready()
        assert not device.torn
        assert device.put(blob, 2).proof == "echo"
        device.close()
    assert (tmp_path / "2.bin").read_bytes() == blob


def test_a_printer_left_inside_a_command_by_another_process_is_freed(tmp_path, blob):
    stand = Stand(tmp_path)
    stand.printer.receive(b"\x1b@\x1dv0\x00\x48\x00\x18\x00\xff")
    assert stand.device.ready()
    assert stand.told[-1].state == "ready"
    assert stand.device.put(blob, 1).kind == "printed"
    assert (tmp_path / "1.bin").read_bytes().endswith(blob)


def test_checkpoints_stand_between_commands_and_change_nothing_else(blob):
    sent, count = add_checkpoints(blob)
    commands = [command for command, _ in Interpreter().feed(sent)]
    assert commands.count(AskProcessed(1)) == count > 10
    assert [command for command in commands if command != AskProcessed(1)] == [
        command for command, _ in Interpreter().feed(blob)
    ]
    assert len(sent) == len(blob) + 3 * count
