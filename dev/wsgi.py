"""The web application of this host: Frappe with its static files, one site as the default.

Gunicorn serves it from the sites folder. In production nginx serves the files; here one process does both.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frappe.app import application as frappe_application
from frappe.middlewares import StaticDataMiddleware
from werkzeug.middleware.shared_data import SharedDataMiddleware

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication


class DefaultSite:
    """Gives a request whose Host header names no site the default site.

    Args:
        app: the WSGI application behind it.
        sites: the bench's folder of sites.
        default_site: site for requests to an address such as 127.0.0.1.
    """

    def __init__(self, app: WSGIApplication, sites: Path, default_site: str) -> None:
        self.app = app
        self.sites = sites
        self.default_site = default_site

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        host = str(environ.get("HTTP_HOST", "")).partition(":")[0]
        if not (self.sites / host / "site_config.json").is_file() or not host:
            environ["HTTP_X_FRAPPE_SITE_NAME"] = self.default_site
        return self.app(environ, start_response)


def _application() -> WSGIApplication:
    sites = Path.cwd()
    with_assets = SharedDataMiddleware(frappe_application, {"/assets": str(sites / "assets")})
    with_files = StaticDataMiddleware(with_assets, {"/files": str(sites)})
    return DefaultSite(with_files, sites, os.environ["ORDER_FLOW_DEFAULT_SITE"])


application = _application()
