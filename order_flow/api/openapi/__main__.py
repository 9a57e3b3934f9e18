"""``python -m order_flow.api.openapi``: print the description, without a site."""

from __future__ import annotations

import json
import sys

from order_flow.api.openapi.document import description

if __name__ == "__main__":
    json.dump(description(), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
