"""Command line of the messaging stand-in."""

import sys

from simulators.core import run_command
from simulators.messaging.simulator import MessagingSimulator

if __name__ == "__main__":
    sys.exit(run_command(MessagingSimulator))
