"""Facts for the gates, and their judgement of a step."""
