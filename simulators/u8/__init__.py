"""Stand-in for the Yonyou U8 OpenAPI: ``python -m simulators.u8 --host 127.0.0.1 --port P --db FILE``.

It answers ``/system/token``, ``/system/tradeid``, ``/result`` and ``/api/<resource>/<operation>``, with an
admin endpoint below ``/_admin/`` (see :mod:`simulators.core` and :mod:`simulators.u8.admin`) and a page at
``/``. Knobs are described in :mod:`simulators.u8.knobs`; values nobody has published are named in
:mod:`simulators.u8.contract`. The demo ledger is :data:`simulators.u8.master_data.DEMO`.
"""

from simulators.u8.master_data import DEMO, LedgerKey
from simulators.u8.simulator import U8Simulator

__all__ = ["DEMO", "LedgerKey", "U8Simulator"]
