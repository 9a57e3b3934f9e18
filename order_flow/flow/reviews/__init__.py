"""Review checklists, meetings, open points, promised dates."""
