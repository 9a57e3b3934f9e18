"""Command line of the tracking stand-in."""

import sys

from simulators.core import run_command
from simulators.tracking.simulator import TrackingSimulator

if __name__ == "__main__":
    sys.exit(run_command(TrackingSimulator))
