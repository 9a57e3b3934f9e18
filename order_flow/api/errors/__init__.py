"""What a refused call answers: one shape with a stable code, beside what the framework says."""
