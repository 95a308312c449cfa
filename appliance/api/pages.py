"""The pages: an operator's desk, a visitor's tickets, the way in."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("pages", __name__)
