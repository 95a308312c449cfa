"""The buttons and the lamp on GPIO. Callback threads only post; a press is the button's going down."""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

from gpiozero import LED, Button
from gpiozero.exc import BadPinFactory, GPIOZeroError

from appliance.buttons.errors import PanelError
from appliance.config import ButtonsSection

REFUSED_SECONDS: Final = 3.0


class Panel:
    """One button a service. `on_press` is called with the service's letter, from gpiozero's threads."""

    def __init__(
        self,
        pins: Mapping[str, int],
        settings: ButtonsSection,
        on_press: Callable[[str], object],
        clock: Callable[[], float],
        factory: Any = None,
    ) -> None:
        """`clock` is monotonic seconds; `factory` None means the machine's own pins. Raises PanelError."""
        self._bounce = settings.debounce_ms / 1000
        self._clock = clock
        self._on_press = on_press
        self._last: dict[str, float] = {}
        self._parts: list[Button | LED] = []
        self.lamp: Lamp | None = None
        pin = None
        try:
            for service, pin in pins.items():
                # Debounced here rather than by gpiozero, whose mock pins and drivers differ in what they ignore.
                button = Button(pin, pull_up=True, pin_factory=factory)
                self._parts.append(button)
                button.when_pressed = partial(self._pressed, service)
                button.when_released = partial(self._released, service)
            if settings.lamp is not None:
                pin = settings.lamp
                self._parts.append(led := LED(pin, pin_factory=factory))
                self.lamp = Lamp(led)
        except (BadPinFactory, ImportError, OSError) as error:
            self.close()
            raise PanelError(
                f"no GPIO pins can be used on this machine: {error}. "
                "On a Pi install python3-lgpio; elsewhere start with --stand-in"
            ) from error
        except GPIOZeroError as error:
            self.close()
            raise PanelError(f"GPIO {pin} cannot be used: {error}") from error
        except Exception as error:
            self.close()
            if type(error).__module__ != "lgpio":  # its own error class, of a package that only a Pi has
                raise
            raise PanelError(f"GPIO {pin} cannot be used: {error}; is this user in the group gpio?") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the pins go."""
        if self.lamp:
            self.lamp.close()
        for part in self._parts:
            part.close()
        self._parts.clear()

    def _pressed(self, service: str) -> None:
        """Count a press unless the contact moved within the debounce time: then it bounces."""
        now = self._clock()
        quiet = now - self._last.get(service, float("-inf"))
        self._last[service] = now
        if quiet >= self._bounce:
            self._on_press(service)

    def _released(self, service: str) -> None:
        self._last[service] = self._clock()


class Lamp:
    """The panel's one lamp: on while the server is away, blinking when a press was refused."""

    def __init__(self, led: LED) -> None:
        self._led = led
        self._timer: threading.Timer | None = None

    @property
    def blinking(self) -> bool:
        """Whether a refusal is being shown."""
        return self._timer is not None

    def away(self) -> None:
        """Light: presses are kept, slips will be late."""
        if self._timer is None:
            self._led.on()

    def fine(self) -> None:
        """Dark: all is well."""
        self._stop_timer()
        self._led.off()

    def refuse(self) -> None:
        """Blink calmly (2 a second) for a few seconds: no slip will come, press again or ask."""
        self._stop_timer()
        self._led.blink(on_time=0.25, off_time=0.25)
        self._timer = threading.Timer(REFUSED_SECONDS, self.fine)
        self._timer.daemon = True
        self._timer.start()

    def close(self) -> None:
        """Stop blinking."""
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
