"""Where things are on this host: the paths, ports, sites and passwords that everybody else asks for."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from dev.errors import HostError
from dev.host.ports import free_ports

ROOT: Final = Path(__file__).resolve().parent.parent
DEMO_SITE: Final = "demo.localhost"
TEST_SITE: Final = "test.localhost"
SECOND: Final = "second"
"""The part of the host that the second process of the tests has for itself: stores, web server, site."""
SECOND_TEST_SITE: Final = "test-2.localhost"
PART_VARIABLE: Final = "ORDER_FLOW_HOST_PART"
"""Environment variable with the part of the host that a process and its children work on."""
# The kernel takes 107 bytes.
MAX_SOCKET_PATH: Final = 100
PORT_NAMES: Final = (
    "web_port",
    "test_web_port",
    "db_port",
    "redis_cache_port",
    "redis_queue_port",
    "redis_test_queue_port",
    "wdt_port",
    "u8_port",
)

# Written into host.json for readers; never read back.
DERIVED_NAMES: Final = (
    "bench",
    "env_python",
    "sites_path",
    "db_socket",
    "web_url",
    "test_web_url",
    "wdt_url",
    "u8_url",
    "redis_cache_url",
    "redis_queue_url",
    "redis_test_queue_url",
)


@dataclass(frozen=True)
class HostState:
    """One checkout's host, or its second part; what is not stored is derived from the checkout's root."""

    root: Path
    web_port: int
    test_web_port: int
    db_port: int
    redis_cache_port: int
    redis_queue_port: int
    redis_test_queue_port: int
    wdt_port: int
    u8_port: int
    admin_password: str
    db_root_password: str
    demo_site: str = DEMO_SITE
    test_site: str = TEST_SITE
    part: str = ""

    @property
    def base(self) -> Path:
        """Folder that holds everything the host makes."""
        return self.root / ".bench"

    @property
    def home(self) -> Path:
        """Folder of what this part of the host has for itself; that of the first is the base."""
        return self.base / self.part

    @property
    def bench(self) -> Path:
        """The Frappe bench folder (apps, env, sites)."""
        return self.base / "frappe-bench"

    @property
    def env_python(self) -> Path:
        """Python interpreter of the bench."""
        return self.bench / "env" / "bin" / "python"

    @property
    def sites_path(self) -> Path:
        """Folder of the sites; Frappe commands run with this as working folder."""
        return self.bench / "sites"

    @property
    def tools_bin(self) -> Path:
        """Programs of the tool environment (bench, uv)."""
        return self.base / "tools" / "bin"

    @property
    def log_dir(self) -> Path:
        """Logs of the build steps and of the services."""
        return self.home / "log"

    @property
    def run_dir(self) -> Path:
        """One record per running service."""
        return self.home / "run"

    @property
    def screenshot_dir(self) -> Path:
        """Pictures that the browser tests take."""
        return self.home / "screenshots"

    @property
    def db_data(self) -> Path:
        """MariaDB's data folder."""
        return self.home / "mariadb"

    @property
    def db_socket(self) -> Path:
        """MariaDB's socket file; in the temporary folder when the checkout lies too deep for a socket."""
        path = self.run_dir / "mariadb.sock"
        if len(bytes(path)) <= MAX_SOCKET_PATH:
            return path
        digest = hashlib.sha256(bytes(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"order-flow-{digest}.sock"

    @property
    def web_url(self) -> str:
        """Desk of the demo site, without a trailing slash."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def test_web_url(self) -> str:
        """Web server of the test site, without a trailing slash."""
        return f"http://127.0.0.1:{self.test_web_port}"

    @property
    def wdt_url(self) -> str:
        """Base address of the WDT simulator."""
        return f"http://127.0.0.1:{self.wdt_port}"

    @property
    def u8_url(self) -> str:
        """Base address of the U8 simulator."""
        return f"http://127.0.0.1:{self.u8_port}"

    @property
    def redis_cache_url(self) -> str:
        """Redis that both sites use as cache (Frappe prefixes keys with the site's database)."""
        return f"redis://127.0.0.1:{self.redis_cache_port}"

    @property
    def redis_queue_url(self) -> str:
        """Redis of the demo site's job queue."""
        return f"redis://127.0.0.1:{self.redis_queue_port}"

    @property
    def redis_test_queue_url(self) -> str:
        """Redis of the test site's job queue; no worker of the host listens there."""
        return f"redis://127.0.0.1:{self.redis_test_queue_port}"

    def ports(self) -> dict[str, int]:
        """All ports by name."""
        return {name: int(getattr(self, name)) for name in PORT_NAMES}


def host_file(root: Path = ROOT, part: str = "") -> Path:
    """Path of the file that keeps the state of a checkout's host, or of its second part."""
    return root / ".bench" / part / "host.json"


def load(root: Path = ROOT) -> HostState:
    """Read the state of the host that was built in a checkout: the part that this process works on.

    Raises:
        HostError: nothing was built yet, or the file cannot be read as host state.
    """
    return _read(root, os.environ.get(PART_VARIABLE, ""))


def _read(root: Path, part: str) -> HostState:
    path = host_file(root, part)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        fields = {name: stored[name] for name in (*PORT_NAMES, "admin_password", "db_root_password")}
        return HostState(root=root, **fields, **_own(part))
    except FileNotFoundError as error:
        raise HostError(
            "There is no host in this checkout yet.", f"{path} does not exist.", "Run `make up` first."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise HostError(
            "The host's state cannot be read.",
            f"{path}: {error!r}",
            "Run `make clean`, then `make up`: it is written anew.",
        ) from error


def _own(part: str) -> dict[str, Any]:
    return {"part": part, "test_site": SECOND_TEST_SITE} if part else {}


def load_or_create(root: Path = ROOT) -> HostState:
    """Read the host's state, or choose free ports and passwords once and write them down."""
    if host_file(root).exists():
        return _read(root, "")
    fields: dict[str, Any] = dict(zip(PORT_NAMES, free_ports(len(PORT_NAMES), seed=str(root)), strict=True))
    state = HostState(root=root, admin_password="admin", db_root_password=secrets.token_hex(12), **fields)
    save(state)
    return state


def second_part(state: HostState) -> HostState:
    """Read the state of the host's second part, or choose free ports for it once and write them down.

    Args:
        state: the host; its passwords hold for both, since the second database is a copy of the first.
    """
    if host_file(state.root, SECOND).exists():
        stored = _read(state.root, SECOND)
        if stored.db_root_password == state.db_root_password:
            return stored
    taken = set(state.ports().values())
    free = free_ports(2 * len(PORT_NAMES), seed=str(state.root))
    others = [port for port in free if port not in taken]
    ports: dict[str, Any] = dict(zip(PORT_NAMES, others, strict=False))
    second = replace(state, **_own(SECOND), **ports)
    save(second)
    return second


def parts(state: HostState) -> list[HostState]:
    """The host and, where tests have run in two processes, its second part."""
    has_second = host_file(state.root, SECOND).exists()
    return [state, second_part(state)] if has_second else [state]


def save(state: HostState) -> None:
    """Write the state with its derived addresses, so that a person can read everything in one place."""
    content = asdict(state) | {name: getattr(state, name) for name in DERIVED_NAMES}
    path = host_file(state.root, state.part)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")
