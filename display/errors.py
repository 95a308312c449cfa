"""What can stop the TV. Each error says in its words what the installer should do."""


class DisplayError(Exception):
    """Root of what the display raises.

    DisplayError
    ├── FontMissing      the font files are not installed
    ├── NoScreen         nothing to show the picture on
    ├── NotServed        the server will not give the board, and asking again cannot help
    └── NotWritten       a file that was asked for could not be written
    """


class FontMissing(DisplayError):
    """The font files are not installed."""


class NoScreen(DisplayError):
    """There is nothing to show the picture on."""


class NotServed(DisplayError):
    """The server will not give the board, and asking again cannot help."""


class NotWritten(DisplayError):
    """A file that was asked for could not be written."""
