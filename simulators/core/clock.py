"""The simulator's own time: wall time plus an offset that the admin endpoint can turn forward."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from simulators.core.errors import AdminError
from simulators.core.settings import Settings

CHINA = ZoneInfo("Asia/Shanghai")

OFFSET = "clock_offset_seconds"
STAMPS = "clock_stamps"


class StampMode(StrEnum):
    """Which time is written into records (modified, created, consign_time ...)."""

    WALL = "wall"
    SIMULATED = "simulated"


# Wall time is the default: a reader whose own clock was not turned must still find the record in its window.
DEFAULTS: dict[str, object] = {OFFSET: 0.0, STAMPS: StampMode.WALL.value}


class SimulatedClock:
    """Time as this simulator sees it.

    Args:
        settings: holds the offset, so that it survives a restart.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def offset(self) -> float:
        """Seconds the simulated clock is ahead of wall time."""
        return self._settings.number(OFFSET)

    def wall(self) -> datetime:
        """Real time, Asia/Shanghai."""
        return datetime.now(CHINA)

    def now(self) -> datetime:
        """Simulated time, Asia/Shanghai; due work is decided by it."""
        return self.wall() + timedelta(seconds=self.offset)

    def stamp(self) -> datetime:
        """Time to write into records, Asia/Shanghai, by the setting ``clock_stamps``."""
        return self.now() if self._settings.text(STAMPS) == StampMode.SIMULATED else self.wall()

    def advance(self, seconds: float) -> None:
        """Turn the clock forward.

        Args:
            seconds: how far, not negative.

        Raises:
            AdminError: the clock would go back.
        """
        if seconds < 0:
            raise AdminError(
                f"the clock only goes forward, got {seconds} seconds; reset the simulator instead"
            )
        self._settings.update({OFFSET: self.offset + seconds})
