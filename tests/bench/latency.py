"""Issue, call and board over HTTP, and the limit they are held against."""

import multiprocessing
import sqlite3
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from urllib.parse import quote

import waitress
from flask import Flask, Response
from history import write_history
from processes import Http, free_port, prepared, running

from appliance.clock import Clock
from appliance.domain.model import Stamp
from appliance.office.access import make_token

WARM_UP = 20


@dataclass
class Figures:
    """Milliseconds of each ask."""

    issue: list[float] = field(default_factory=list)
    call: list[float] = field(default_factory=list)
    board: list[float] = field(default_factory=list)


def measure_floor(root: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of bare commits and of empty POSTs."""
    port = free_port()
    server = multiprocessing.get_context("spawn").Process(target=serve_nothing, args=(port,), daemon=True)
    server.start()
    try:
        http = Http(port, "nobody")
        posts = [http.ask("POST", "/")[0] for _ in range(rounds + WARM_UP)][WARM_UP:]
    finally:
        server.terminate()
        server.join()
    return bare_commits(root / "bare.db", rounds), posts


def serve_nothing(port: int) -> None:
    """Serve an empty answer by the same server that Kezek uses."""
    app = Flask("nothing")

    @app.post("/")
    def nothing() -> Response:
        return Response(b"{}", mimetype="application/json")

    waitress.serve(app, host="127.0.0.1", port=port, threads=64, _quiet=True)


def bare_commits(path: Path, rounds: int) -> list[float]:
    """Return the milliseconds of one-row commits in WAL mode with synchronous=FULL."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)")
    took = []
    for number in range(rounds + WARM_UP):
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO rows (text) VALUES (?)", (f"row {number}",))
        connection.execute("COMMIT")
        took.append((time.perf_counter() - begun) * 1000)
    connection.close()
    return took[WARM_UP:]


def measure_queue(data: Path, old: int, rounds: int) -> Figures:
    """Return the milliseconds of a day's asks on a database that holds `old` tickets of earlier days."""
    with prepared(data) as store:
        write_history(store, old)
        with store.write() as unit:
            token = make_token(unit, "supervisor", None, Stamp(Clock(UTC).now(), "bench"))
            unit.commit()
    port = free_port()
    with running("serve", "--data", str(data), "--port", str(port)):
        return ask_all(Http(port, token), rounds)


def ask_all(http: Http, rounds: int) -> Figures:
    """Issue and call tickets one after another, with the board read after each change, as a TV does."""
    figures = Figures()
    services = "КЖБДЕГӘСПОМРЦТА"
    desks = {service: quote(f"{service}1") for service in services}
    for number in range(rounds + WARM_UP):
        service = services[number % len(services)]
        key = {"Idempotency-Key": uuid.uuid4().hex}
        issued, _ = http.ask("POST", "/api/v1/visits", {"services": [service]}, **key)
        desk = f"/api/v1/desks/{desks[service]}"
        called, _ = http.ask("POST", f"{desk}/next", **{"Idempotency-Key": uuid.uuid4().hex})
        board, _ = http.ask("GET", "/api/v1/board")
        http.ask("POST", f"{desk}/start")
        http.ask("POST", f"{desk}/finish", {"topics": [], "outcome": "explained"})
        if number >= WARM_UP:
            figures.issue.append(issued)
            figures.call.append(called)
            figures.board.append(board)
    return figures
