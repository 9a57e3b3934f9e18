"""``python -m simulators.wdt``."""

import sys

from simulators.core import run_command
from simulators.wdt.simulator import WdtSimulator

if __name__ == "__main__":
    sys.exit(run_command(WdtSimulator, {"auto": {"auto": True}}))
