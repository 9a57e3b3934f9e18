"""Stand-in of a tracking service (ADR 0020)."""

from simulators.tracking.simulator import TrackingSimulator

__all__ = ["TrackingSimulator"]
