"""Stand-in of a messaging service (ADR 0021)."""

from simulators.messaging.simulator import MessagingSimulator

__all__ = ["MessagingSimulator"]
