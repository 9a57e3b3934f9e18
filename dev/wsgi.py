"""The web application of this host: Frappe with its static files, one site as the default.

Gunicorn serves it from the sites folder. In production nginx serves the files; here one process does both.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frappe.app import application as frappe_application
from werkzeug.middleware.shared_data import SharedDataMiddleware

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication


class Sites:
    """Answers for the site that the Host header names, else for the default site.

    Args:
        app: Frappe's application.
        folder: the bench's folder of sites.
        default_site: site for requests to an address such as 127.0.0.1.
    """

    def __init__(self, app: WSGIApplication, folder: Path, default_site: str) -> None:
        self.app = app
        self.folder = folder
        self.default_site = default_site
        self.with_files: dict[str, WSGIApplication] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        site = self.site_of(str(environ.get("HTTP_HOST", "")))
        environ["HTTP_X_FRAPPE_SITE_NAME"] = site
        if site not in self.with_files:
            public = self.folder / site / "public" / "files"
            self.with_files[site] = SharedDataMiddleware(self.app, {"/files": str(public)})
        return self.with_files[site](environ, start_response)

    def site_of(self, host: str) -> str:
        """Site for a Host header "name[:port]"; private files are not served from here but by Frappe."""
        name = host.partition(":")[0]
        known = name not in ("", ".", "..") and (self.folder / name / "site_config.json").is_file()
        return name if known else self.default_site


def _application() -> WSGIApplication:
    folder = Path.cwd()
    with_assets = SharedDataMiddleware(frappe_application, {"/assets": str(folder / "assets")})
    return Sites(with_assets, folder, os.environ["ORDER_FLOW_DEFAULT_SITE"])


application = _application()
