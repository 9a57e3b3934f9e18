"""Stand-in for 旺店通企业版 openapi2 (wdt-openapi). ``python -m simulators.wdt --port P --db FILE [--auto]``.

What no public source settles is a setting (``GET /_admin/settings``); its default is the stricter reading.

Business endpoints: ``POST /openapi2/<name>.php``. Besides the admin paths of ``simulators.core``:

- ``GET|POST /_admin/accounts``: sellers with secret, shops, warehouses, carriers, rights.
- ``POST /_admin/wdt/<verb>`` with ``{"tid": ..}`` or ``{"trade_no": ..}``: what people do in the ERP, strict
  by state: release, audit, finance_audit, reject, freeze, unfreeze, clear, cancel, print, pick, scan, weigh,
  ship, recall, split, merge, gift, confirm_interception, refuse_interception, resubmit.
- ``POST /_admin/wdt/specs`` with ``{"specs": [{"spec_no": ..}]}``: articles the ERP knows.
- ``GET /_admin/wdt/order?tid=..``: raw order, trades, stockouts, sync rows and log of one order.
"""
