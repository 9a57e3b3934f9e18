"""The host's web server serves the right site's files (issue: the host)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from dev.state import HostState

NAME = "host-test-file.txt"


@pytest.fixture
def public_file(host: HostState) -> Iterator[str]:
    """A public file of the test site; gives its path on the web."""
    file = host.sites_path / host.test_site / "public" / "files" / NAME
    file.write_text("of the test site", encoding="utf-8")
    yield f"/files/{NAME}"
    file.unlink()


def test_public_files_come_from_the_default_site_for_an_address(site_url: str, public_file: str) -> None:
    assert requests.get(site_url + public_file, timeout=30).text == "of the test site"


@pytest.mark.parametrize("host_header", ["demo.localhost", "demo.localhost:80"])
def test_a_named_site_shows_no_file_of_another(site_url: str, public_file: str, host_header: str) -> None:
    answer = requests.get(site_url + public_file, headers={"Host": host_header}, timeout=30)
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/files/../site_config.json", "/files/%2e%2e/%2e%2e/site_config.json"])
def test_no_path_leads_out_of_the_folder_of_public_files(site_url: str, path: str) -> None:
    request = requests.Request("GET", site_url).prepare()
    request.url = site_url + path
    with requests.Session() as session:
        answer = session.send(request, timeout=30)
    assert "db_password" not in answer.text


def test_the_desks_assets_are_served(site_url: str) -> None:
    answer = requests.get(f"{site_url}/assets/assets.json", timeout=30)
    assert "desk.bundle.js" in answer.json()
