"""The self-contained host: builds, starts and stops a whole Frappe bench below `.bench/` of this checkout.

Only the standard library is imported here, so that `python3 -m dev` runs on a machine where nothing else is
installed yet. `dev.frappe(site, *args)` runs one Frappe command on one site.
"""

from dev.host.frappe_command import frappe

__all__ = ["frappe"]
