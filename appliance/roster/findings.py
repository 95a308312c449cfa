"""Faults gathered while files are read: told in reading order, and no cell complained of twice."""

from dataclasses import dataclass, field

from appliance.domain.errors import Fault
from appliance.domain.roster import Place
from appliance.roster.cells import Trouble


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in reading order: which table, which row (0: before the first), which column (0: all)."""

    table: int
    row: int = 0
    column: int = 0


@dataclass(slots=True)
class Findings:
    """What is wrong so far."""

    _found: list[tuple[Spot, Fault]] = field(default_factory=list)
    _told: set[Place] = field(default_factory=set)
    _spots: dict[str, Spot] = field(default_factory=dict)

    def add(self, spot: Spot, where: str, trouble: Trouble) -> None:
        """Note a fault."""
        self._found.append((spot, Fault(where, trouble.problem, trouble.remedy)))

    def adopt(self, order: int, faults: tuple[Fault, ...]) -> None:
        """Take over the faults of a file that could not be read at all."""
        self._found += [(Spot(order), fault) for fault in faults]

    def add_located(self, faults: tuple[Fault, ...]) -> None:
        """Take over faults whose `where` was given out by `locate`."""
        self._found += [(self._spots[fault.where], fault) for fault in faults]

    def locate(self, spot: Spot, where: str) -> str:
        """Remember where these words point to, and give them."""
        self._spots[where] = spot
        return where

    def tell(self, place: Place) -> None:
        """Say nothing more of this place: it was told."""
        self._told.add(place)

    def told(self, place: Place) -> bool:
        """Whether the place, its whole cell or its whole table, was told."""
        wider = (place, Place(place.table, place.row, place.field), Place(place.table))
        return any(each in self._told for each in wider)

    def in_order(self) -> tuple[Fault, ...]:
        """All faults, table by table and row by row."""
        return tuple(fault for _, fault in sorted(self._found, key=lambda pair: pair[0]))
