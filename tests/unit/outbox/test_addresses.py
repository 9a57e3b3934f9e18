"""Which addresses lead to a stand-in on the same machine."""

from __future__ import annotations

import pytest

from order_flow.domain.addresses import is_on_this_machine


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8001/openapi2/", "https://localhost/x", "http://127.9.8.7", "http://[::1]:80/"],
)
def test_stand_ins(address: str) -> None:
    assert is_on_this_machine(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "127.0.0.1",
        "https://example.com/127.0.0.1",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "http://localhost.example.com",
        "http://10.0.0.1/",
        "http://[::1/",
        "http://0x7f.1/",
    ],
)
def test_everything_else_leads_out(address: str) -> None:
    assert not is_on_this_machine(address)
