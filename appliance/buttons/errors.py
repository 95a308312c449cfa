"""What can go wrong with the panel before it watches."""


class PanelError(Exception):
    """The panel cannot be used; the text names the pin or the device and what to do."""
