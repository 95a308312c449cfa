"""python-escpos, imported so that it leaves nothing behind.

At import the library makes a temporary directory it never removes, reads its printer database with a slow YAML
parser (seconds on a Pi) and configures the root logger. Here the directory is made inside one that is removed,
and the database, which is plain JSON, is put there ready to be loaded. Import `Escpos` and `Dummy` from here.
"""

import importlib.util
import json
import logging
import os
import pickle
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PICKLE_DIR: Final = "ESCPOS_CAPABILITIES_PICKLE_DIR"


def _write_database(folder: Path) -> None:
    """Put the printer database into `folder` in the form, and under the name, that the library looks for."""
    spec = importlib.util.find_spec("escpos")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("python-escpos is not installed", name="escpos")
    database = json.loads((Path(spec.submodule_search_locations[0]) / "capabilities.json").read_bytes())
    (folder / f"{platform.python_version()}.capabilities.pickle").write_bytes(pickle.dumps(database, protocol=2))


@contextmanager
def _tidy() -> Iterator[None]:
    """Give the library a directory of its own while it is imported, and take back what it changed."""
    known = os.environ.get(PICKLE_DIR)
    directory = tempfile.tempdir
    handlers = list(logging.root.handlers)
    with tempfile.TemporaryDirectory(prefix="kezek-printer-") as folder:
        _write_database(Path(folder))
        tempfile.tempdir = folder
        os.environ[PICKLE_DIR] = folder
        try:
            yield
        finally:
            tempfile.tempdir = directory
            logging.root.handlers[:] = handlers
            if known is None:
                del os.environ[PICKLE_DIR]
            else:
                os.environ[PICKLE_DIR] = known


with _tidy():
    from escpos.escpos import Escpos
    from escpos.printer import Dummy

__all__ = ["Dummy", "Escpos"]
