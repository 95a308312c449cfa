"""What travels between the four processes: wire models, error codes and the words every surface shares.

This package imports msgspec and nothing of Kezek, so that the printer and the display can sit on another Pi.
"""
