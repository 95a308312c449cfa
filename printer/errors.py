"""What can go wrong on the way to paper, as one tree. Each class has a stable `code`.

`permanent` says that trying the same again cannot succeed by itself: a person, or another setting, is needed.

PrinterError
├── BadPrinterUrl       the printer's URL cannot be read                                   permanent
├── BadServerUrl        the server's address cannot be read                                permanent
├── BadPrinterName      the printer's id cannot be used                                    permanent
├── BadPaperWidth       neither 80 nor 58 mm                                               permanent
├── FontMissing         the font's package is not installed                                permanent
├── SlipUnprintable     the facts of a slip cannot be drawn                                permanent
├── BytesNotUnderstood  the virtual printer was sent what it does not know                 permanent
├── BadOrder            the virtual printer's hands do not know what to do                 permanent
├── AlreadyRunning      another process owns this printer                                  permanent
├── TokenMissing        there is no token file to show to the server
└── DeviceError         carries how many bytes of the slip went out
    ├── DeviceAbsent    cannot be opened: not there, not allowed, or held by another
    ├── DeviceLost      the connection broke
    └── DeviceStalled   connected, but takes no data
"""


class PrinterError(Exception):
    """Root of what the printer process raises. The text says what is wrong and what to do about it."""

    code = "printer_error"
    permanent = False


class BadPrinterUrl(PrinterError):
    """The URL that names the printer cannot be read."""

    code = "bad_printer_url"
    permanent = True


class BadServerUrl(PrinterError):
    """The server's address cannot be read."""

    code = "bad_server_url"
    permanent = True


class BadPrinterName(PrinterError):
    """The printer's id cannot be used in an address."""

    code = "bad_printer_name"
    permanent = True


class BadPaperWidth(PrinterError):
    """Only 80 mm and 58 mm paper are known."""

    code = "bad_paper_width"
    permanent = True


class FontMissing(PrinterError):
    """A font file is not where Debian puts it."""

    code = "font_missing"
    permanent = True


class SlipUnprintable(PrinterError):
    """The facts of a slip cannot be drawn, now or later."""

    code = "slip_unprintable"
    permanent = True


class BytesNotUnderstood(PrinterError):
    """The virtual printer was sent something it does not know."""

    code = "bytes_not_understood"
    permanent = True


class BadOrder(PrinterError):
    """The virtual printer's hands were given an order they do not know."""

    code = "bad_order"
    permanent = True


class AlreadyRunning(PrinterError):
    """Another process owns this printer."""

    code = "already_running"
    permanent = True


class TokenMissing(PrinterError):
    """There is no token file to show to the server."""

    code = "token_missing"


class DeviceError(PrinterError):
    """The device failed. `sent` counts the bytes of the present write that went out before that."""

    code = "device_error"

    def __init__(self, text: str, sent: int = 0) -> None:
        super().__init__(text)
        self.sent = sent


class DeviceAbsent(DeviceError):
    """The device cannot be opened."""

    code = "device_absent"


class DeviceLost(DeviceError):
    """The connection broke."""

    code = "device_lost"


class DeviceStalled(DeviceError):
    """The device is connected but takes no data."""

    code = "device_stalled"
