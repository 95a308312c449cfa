"""A database that cannot be opened or written is said in plain words."""

import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from appliance.office.ports import StoreUnavailable
from appliance.wiring import DATABASE, open_store

PREAMBLE = """
import os, resource, signal, sys
from pathlib import Path
import alembic.config, alembic.runtime.environment, alembic.script, alembic.util
import sqlalchemy.dialects.sqlite.pysqlite
from appliance.config import Config
from appliance.office.ports import StoreUnavailable
from appliance.wiring import Place, open_store
data = Path(sys.argv[1])
"""


def run(body: str, data: Path, **more) -> subprocess.Popen:
    """Start Python with the store's modules loaded; its first argument is the data folder."""
    code = PREAMBLE + textwrap.dedent(body)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-W", "error", "-c", code, str(data)], **pipes, **more)


def end(process: subprocess.Popen, words: str = "") -> str:
    """Return what it printed; it must end well."""
    out, err = process.communicate(words, timeout=30)
    assert process.returncode == 0, err
    return out


def test_a_data_folder_is_made_with_its_parents(place):
    deep = type(place)(place.data / "a" / "b", place.config)
    with open_store(deep):
        assert (deep.data / DATABASE).is_file()


def test_a_file_in_the_place_of_the_data_folder(place, plain):
    place.data.write_text("here")
    with pytest.raises(StoreUnavailable) as caught, open_store(place):
        pass
    assert str(place.data) in str(caught.value)
    plain(str(caught.value))


def test_a_folder_that_cannot_be_made(place, plain):
    nowhere = type(place)(Path("/proc/kezek"), place.config)
    with pytest.raises(StoreUnavailable) as caught, open_store(nowhere):
        pass
    assert "/proc/kezek" in str(caught.value)
    plain(str(caught.value))


def test_a_folder_in_the_place_of_the_database(place, plain):
    (place.data / DATABASE).mkdir(parents=True)
    with pytest.raises(StoreUnavailable) as caught, open_store(place):
        pass
    assert str(place.data / DATABASE) in str(caught.value)
    plain(str(caught.value))


def test_a_file_that_is_no_database_is_left_alone(place, plain):
    place.data.mkdir()
    path = place.data / DATABASE
    path.write_bytes(b"These are not the tables you are looking for. " * 200)
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable) as caught, open_store(place):
        pass
    assert "not a database" in str(caught.value)
    plain(str(caught.value))
    assert path.read_bytes() == before


@pytest.fixture
def anybodys():
    """A folder that every user of this machine may enter; pytest's own are private."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


@pytest.mark.parametrize("found", ["empty", "database"])
def test_a_folder_that_may_not_be_written(anybodys, prepared, plain, found):
    """As an installer meets it: a data folder on a stick mounted read-only, or owned by somebody else."""
    body = """
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        try:
            with open_store(Place(data, Config())) as store, store.write() as unit:
                unit.desktop.save_setting("a", "b")
                unit.commit()
        except StoreUnavailable as error:
            print(error)
    """
    data = anybodys / "data"
    data.mkdir()
    if found == "database":
        shutil.copy(prepared, data)
        (data / DATABASE).chmod(0o444)
    data.chmod(0o555)
    said = end(run(body, data)).strip()
    data.chmod(0o755)
    assert str(data / DATABASE) in said
    plain(said)


def test_a_full_disk_is_said_and_nothing_that_was_committed_is_lost(place):
    """The limit of a file's size stands in for the disk: the write-ahead log cannot grow, then it can again."""
    body = """
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with open_store(Place(data, Config())) as store:
            def save(number):
                with store.write() as unit:
                    unit.desktop.save_setting(f"key {number}", "x" * 5000)
                    unit.commit()
            save(0)
            size = (data / "kezek.db-wal").stat().st_size
            soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50_000, hard))
            done = 1
            try:
                while done < 100:
                    save(done)
                    done += 1
            except StoreUnavailable as error:
                print(error)
            print(done)
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            save("after")
            with store.read() as unit:
                print(sum(unit.desktop.setting(f"key {number}") is not None for number in range(100)))
                print(unit._connection.exec_driver_sql("PRAGMA integrity_check").scalar())
    """
    said, done, found, health = end(run(body, place.data)).splitlines()
    assert "full" in said or "I/O error" in said
    assert 1 <= int(done) < 100
    assert found == done
    assert health == "ok"


def test_two_processes_that_open_a_new_database_at_once_both_may(place):
    """`kezek run` and `kezek token` on the first evening."""
    body = """
        print("ready", flush=True)
        sys.stdin.readline()
        with open_store(Place(data, Config())) as store, store.read() as unit:
            print(unit.journal.head())
    """
    both = [run(body, place.data) for _ in range(3)]
    for one in both:
        assert one.stdout.readline() == "ready\n"
    for one in both:
        one.stdin.write("go\n")
        one.stdin.flush()
    assert [end(one) for one in both] == ["0\n"] * 3
