"""The loop of one printer: what is printed, what is reported, and what survives."""

import threading

import pytest

from appliance.client import Refused
from appliance.contract.models import PrinterStatus
from printer import raster
from printer.mark import Mark, MarkFile
from printer.spooler import Spooler


def run(spooler: Spooler) -> threading.Thread:
    thread = threading.Thread(target=spooler.run)
    thread.start()
    return thread


def test_a_job_is_printed_and_reported_with_its_proof(bench, make_slip):
    facts = make_slip()
    job = bench.office.queue(facts)
    assert bench.spooler().step()
    assert (job.state, job.proof) == ("printed", "drawn")
    assert bench.data_of(1) == raster.make_bytes(facts, copy=False, width=bench.width)
    assert bench.picture(1).tobytes() == raster.make_image(facts, copy=False, width=bench.width).tobytes()
    assert bench.printer.complaints == []
    assert MarkFile(bench.data, "kiosk").load() is None


def test_nothing_to_do_says_so_and_reports_the_printer(bench):
    assert not bench.spooler().step()
    assert bench.office.statuses[-1].state == "ready"
    assert bench.office.statuses[-1].paper == "ok"


def test_an_unchanged_status_is_reported_once(bench):
    spooler = bench.spooler()
    for _ in range(5):
        spooler.step()
    assert len(bench.office.statuses) == 1


def test_jobs_are_printed_in_the_order_they_were_queued(bench, make_slip):
    slips = [make_slip(f"К-{number:03d}") for number in range(1, 6)]
    for facts in slips:
        bench.office.queue(facts)
    spooler = bench.spooler()
    while spooler.step():
        pass
    drawn = [bench.data_of(number) for number in range(1, 6)]
    assert drawn == [raster.make_bytes(facts, copy=False, width=bench.width) for facts in slips]


def test_without_paper_nothing_is_claimed_and_the_server_is_told(bench, make_slip):
    bench.office.queue(make_slip())
    bench.printer.run_out_of_paper()
    spooler = bench.spooler()
    assert not spooler.step()
    assert bench.office.states() == ["queued"]
    assert (bench.office.statuses[-1].state, bench.office.statuses[-1].paper) == ("blocked", "out")
    bench.printer.load_paper()
    assert spooler.step()
    assert bench.office.states() == ["printed"]


def test_paper_that_ends_inside_a_slip_is_waited_for_and_printed_once(bench, make_slip):
    bench.office.queue(make_slip())
    bench.printer.run_out_of_paper(after_dots=500)
    thread = run(bench.spooler())
    bench.office.wait_for(lambda: bench.office.statuses and bench.office.statuses[-1].state == "blocked")
    assert bench.office.states() == ["claimed"]
    bench.printer.load_paper()
    bench.office.wait_for(lambda: bench.office.states() == ["printed"])
    bench.stop.set()
    thread.join(10)
    assert bench.folder.last == 1


@pytest.mark.parametrize("hands", [("open_cover", "close_cover"), ("jam_cutter", "free_cutter")])
def test_a_blocked_printer_holds_work_until_it_is_freed(bench, make_slip, hands):
    getattr(bench.printer, hands[0])()
    bench.office.queue(make_slip())
    spooler = bench.spooler()
    assert not spooler.step()
    assert bench.office.statuses[-1].state == "blocked"
    getattr(bench.printer, hands[1])()
    assert spooler.step()
    assert bench.office.states() == ["printed"]


def test_power_lost_in_the_printer_makes_a_marked_copy(bench, make_slip):
    facts = make_slip()
    bench.office.queue(facts)
    bench.printer.run_out_of_paper(after_dots=300)
    thread = run(bench.spooler())
    bench.office.wait_for(lambda: bench.office.statuses and bench.office.statuses[-1].state == "blocked")
    bench.printer.lose_power()
    bench.printer.load_paper()
    bench.office.wait_for(lambda: bench.office.states() == ["uncertain", "printed"])
    bench.stop.set()
    thread.join(10)
    torn, whole = bench.slips()
    assert whole.tobytes() == raster.make_image(facts, copy=True, width=bench.width).tobytes()
    assert torn.height < whole.height


def test_an_absent_printer_is_offline_and_nothing_is_claimed(bench, make_slip):
    bench.transport.unplug()
    bench.office.queue(make_slip())
    spooler = bench.spooler()
    assert not spooler.step()
    assert bench.office.statuses[-1].state == "offline"
    bench.transport.plug_in()
    assert spooler.step()
    assert bench.office.states() == ["printed"]


def test_a_claim_whose_answer_was_lost_is_printed_normally(bench, make_slip):
    job = bench.office.queue(make_slip())
    spooler = bench.spooler()
    spooler.step()
    job.state = "claimed"
    (bench.data / "slips" / "1.bin").unlink()
    assert spooler.step()
    assert job.state == "printed"
    assert len(bench.office.jobs) == 1


def test_a_job_cut_short_is_uncertain_and_its_copy_is_marked(bench, make_slip):
    facts = make_slip()
    job = bench.office.queue(facts)
    job.state = "claimed"
    MarkFile(bench.data, "kiosk").write(Mark(job=job.id, stage="sending"))
    spooler = bench.spooler()
    assert spooler.step()
    assert job.state == "uncertain"
    assert bench.folder.last == 0
    assert spooler.step()
    assert bench.office.states() == ["uncertain", "printed"]
    assert bench.data_of(1) == raster.make_bytes(facts, copy=True, width=bench.width)


def test_a_mark_that_cannot_be_read_counts_as_uncertain(bench, make_slip):
    job = bench.office.queue(make_slip())
    job.state = "claimed"
    (bench.data / "printer-kiosk.spool.json").write_bytes(b'{"job": 1, "sta')
    assert bench.spooler().step()
    assert job.state == "uncertain"


@pytest.mark.parametrize(
    ("mark", "state"),
    [
        (Mark(job=1, stage="printed", proof="echo"), "printed"),
        (Mark(job=1, stage="sent", detail="no way back"), "sent"),
        (Mark(job=1, stage="uncertain", detail="cable"), "uncertain"),
        (Mark(job=1, stage="failed", detail="no"), "failed"),
    ],
)
def test_an_outcome_reached_before_a_restart_is_reported_and_not_printed_again(bench, make_slip, mark, state):
    job = bench.office.queue(make_slip())
    job.state = "claimed"
    MarkFile(bench.data, "kiosk").write(mark)
    bench.spooler()._report()
    assert job.state == state
    assert bench.folder.last == 0
    assert MarkFile(bench.data, "kiosk").load() is None


def test_a_server_that_goes_away_after_the_claim_gets_the_report_when_it_is_back(bench, make_slip):
    job = bench.office.queue(make_slip())
    spooler = bench.spooler()
    put = spooler._device.put
    printed = threading.Event()

    def put_and_lose_the_server(blob: bytes, number: int):
        bench.office.away = True
        outcome = put(blob, number)
        printed.set()
        return outcome

    spooler._device.put = put_and_lose_the_server
    thread = run(spooler)
    assert printed.wait(10)
    assert job.state == "claimed"
    bench.office.away = False
    bench.office.wait_for(lambda: job.state == "printed")
    bench.stop.set()
    thread.join(10)
    assert bench.folder.last == 1


def test_told_to_stop_while_the_server_is_away_the_outcome_survives(bench, make_slip):
    job = bench.office.queue(make_slip())
    job.state = "claimed"
    MarkFile(bench.data, "kiosk").write(Mark(job=1, stage="printed", proof="echo"))
    bench.office.away = True
    thread = run(bench.spooler())
    bench.stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert MarkFile(bench.data, "kiosk").load() == Mark(job=1, stage="printed", proof="echo")
    bench.stop.clear()
    bench.office.away = False
    bench.spooler()._report()
    assert job.state == "printed"
    assert bench.folder.last == 0


@pytest.mark.parametrize("code", ["job_not_claimed", "unknown_job"])
def test_a_report_that_comes_too_late_is_dropped(bench, make_slip, code):
    bench.office.queue(make_slip())
    MarkFile(bench.data, "kiosk").write(Mark(job=1, stage="printed", proof="echo"))
    bench.office.refusals.append((404 if code == "unknown_job" else 409, code))
    spooler = bench.spooler()
    spooler._report()
    assert MarkFile(bench.data, "kiosk").load() is None
    assert spooler.step()


def test_a_slip_that_cannot_be_drawn_is_failed_and_the_next_is_printed(bench, make_slip):
    bench.office.queue(make_slip(issued_at="yesterday"))
    bench.office.queue(make_slip())
    spooler = bench.spooler()
    assert spooler.step()
    assert spooler.step()
    assert bench.office.states() == ["failed", "printed"]
    assert "ISO 8601" in bench.office.jobs[0].reason


def test_a_server_that_forgot_the_printer_is_told_again(bench, make_slip):
    spooler = bench.spooler()
    spooler.step()
    bench.office.statuses.clear()
    bench.office.queue(make_slip())
    assert not spooler.step()
    assert spooler.step()
    assert bench.office.states() == ["printed"]


def test_a_replaced_token_is_read_again(bench, make_slip):
    spooler = bench.spooler()
    spooler.step()
    bench.office.token = "another"
    bench.token_file.write_text("another\n")
    bench.office.queue(make_slip())
    assert spooler.step()
    assert bench.office.states() == ["printed"]


def test_told_to_stop_it_ends(bench):
    spooler = bench.spooler()
    thread = run(spooler)
    bench.office.wait_for(lambda: "/printers/kiosk/claim" in bench.office.calls)
    bench.stop.set()
    spooler.wake.set()
    thread.join(5)
    assert not thread.is_alive()


def unplugged_after_the_claim(bench, spooler):
    """Pull the printer's plug between the claim and the first byte."""
    claim = spooler._claim

    def claim_and_unplug():
        job = claim()
        bench.transport.unplug()
        return job

    spooler._claim = claim_and_unplug


def test_unplugged_after_the_claim_the_job_is_held_and_printed_unmarked(bench, make_slip, monkeypatch):
    monkeypatch.setattr("printer.spooler.HELD_SECONDS", 0.02)
    facts = make_slip()
    bench.office.queue(facts)
    spooler = bench.spooler()
    spooler.step()
    bench.office.jobs[0].state = "queued"
    unplugged_after_the_claim(bench, spooler)
    thread = run(spooler)
    bench.office.wait_for(lambda: bench.office.statuses[-1].state == "offline")
    assert bench.office.states() == ["claimed"]
    assert MarkFile(bench.data, "kiosk").load() is None
    bench.transport.plug_in()
    bench.office.wait_for(lambda: bench.office.states() == ["printed"])
    bench.stop.set()
    spooler.wake.set()
    thread.join(10)
    assert bench.data_of(2) == raster.make_bytes(facts, copy=False, width=bench.width)


def test_told_to_stop_while_a_job_is_held_it_is_printed_after_the_restart(bench, make_slip):
    bench.office.queue(make_slip())
    spooler = bench.spooler()
    unplugged_after_the_claim(bench, spooler)
    thread = run(spooler)
    bench.office.wait_for(lambda: bench.office.statuses and bench.office.statuses[-1].state == "offline")
    bench.stop.set()
    thread.join(10)
    assert not thread.is_alive()
    bench.stop.clear()
    bench.transport.plug_in()
    assert bench.spooler().step()
    assert bench.office.states() == ["printed"]
    assert bench.data_of(1) == raster.make_bytes(bench.office.jobs[0].slip, copy=False, width=bench.width)


def test_an_unexpected_refusal_of_a_claim_or_a_report_is_not_swallowed(bench, make_slip):
    bench.office.queue(make_slip())
    spooler = bench.spooler()
    spooler._tell(PrinterStatus(state="ready"))
    bench.office.refusals.append((422, "invalid_body"))
    with pytest.raises(Refused, match="invalid_body"):
        spooler._claim()
    MarkFile(bench.data, "kiosk").write(Mark(job=1, stage="printed", proof="echo"))
    bench.office.refusals.append((422, "invalid_body"))
    with pytest.raises(Refused, match="invalid_body"):
        spooler._report()
    assert MarkFile(bench.data, "kiosk").load() is not None


def test_a_report_whose_answer_was_lost_is_not_printed_again(bench, make_slip):
    job = bench.office.queue(make_slip())
    job.state = "claimed"
    MarkFile(bench.data, "kiosk").write(Mark(job=1, stage="printed", proof="echo"))
    bench.office.lose_answers = True
    thread = run(bench.spooler())
    bench.office.wait_for(lambda: job.state == "printed")
    with bench.office.changed:
        bench.office.lose_answers = False
    bench.office.wait_for(lambda: "/printers/kiosk/claim" in bench.office.calls)
    bench.stop.set()
    thread.join(10)
    assert bench.folder.last == 0
    assert MarkFile(bench.data, "kiosk").load() is None
