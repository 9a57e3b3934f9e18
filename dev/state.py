"""Where things are on this host: the paths, ports, sites and passwords that everybody else asks for."""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from dev.errors import HostError
from dev.host.ports import free_ports

ROOT: Final = Path(__file__).resolve().parent.parent
DEMO_SITE: Final = "demo.localhost"
TEST_SITE: Final = "test.localhost"
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
    """One checkout's host; everything that is not stored is derived from the checkout's root."""

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

    @property
    def home(self) -> Path:
        """Folder that holds everything the host makes."""
        return self.root / ".bench"

    @property
    def bench(self) -> Path:
        """The Frappe bench folder (apps, env, sites)."""
        return self.home / "frappe-bench"

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
        return self.home / "tools" / "bin"

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
        digest = hashlib.sha256(bytes(self.root)).hexdigest()[:16]
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


def host_file(root: Path = ROOT) -> Path:
    """Path of the file that keeps a checkout's host state."""
    return root / ".bench" / "host.json"


def load(root: Path = ROOT) -> HostState:
    """Read the state of the host that was built in a checkout.

    Raises:
        HostError: nothing was built yet, or the file cannot be read as host state.
    """
    path = host_file(root)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        fields = {name: stored[name] for name in (*PORT_NAMES, "admin_password", "db_root_password")}
        return HostState(root=root, **fields)
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


def load_or_create(root: Path = ROOT) -> HostState:
    """Read the host's state, or choose free ports and passwords once and write them down."""
    if host_file(root).exists():
        return load(root)
    fields: dict[str, Any] = dict(zip(PORT_NAMES, free_ports(len(PORT_NAMES), seed=str(root)), strict=True))
    state = HostState(root=root, admin_password="admin", db_root_password=secrets.token_hex(12), **fields)
    save(state)
    return state


def save(state: HostState) -> None:
    """Write the state with its derived addresses, so that a person can read everything in one place."""
    content = asdict(state) | {name: getattr(state, name) for name in DERIVED_NAMES}
    path = host_file(state.root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")
