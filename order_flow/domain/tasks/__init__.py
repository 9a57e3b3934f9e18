"""Why a role is given a task, and which tasks an order calls for."""
