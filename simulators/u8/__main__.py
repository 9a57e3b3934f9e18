"""Command line of the U8 stand-in."""

import sys

from simulators.core import run_command
from simulators.u8.simulator import U8Simulator

if __name__ == "__main__":
    sys.exit(run_command(U8Simulator))
