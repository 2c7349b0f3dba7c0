"""How every process of every service starts: `python -m <service> api|worker|relay|migrate|republish|openapi`.

Only the standard library is imported here at the top: an API process is patched by gevent before anything else is
imported, and where its metrics are counted has to be known before they are declared.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

API = "api"
_METRICS_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"


def run(main_module: str) -> None:
    """Do what the command line says with the service whose composition root is the module. Exits the process."""
    is_api = sys.argv[1:2] == [API]
    if is_api:
        _become_cooperative()
    _count_metrics_together(is_api=is_api)
    from chassis.commands import execute

    raise SystemExit(execute(main_module, sys.argv[1:]))


def _become_cooperative() -> None:
    from gevent import monkey

    monkey.patch_all()


def _count_metrics_together(*, is_api: bool) -> None:
    """Have the metrics of several processes counted together.

    Who names a folder in the environment (the same for a service's API, worker and relay on one machine) sees them all
    on the API's admin port, and empties the folder between runs. Otherwise the workers of an API server share a folder
    of their own, removed when the server ends.
    """
    named = os.environ.get(_METRICS_DIRECTORY)
    if named:
        Path(named).mkdir(parents=True, exist_ok=True)
    elif is_api:
        _share_own_directory()


def _share_own_directory() -> None:
    directory = tempfile.mkdtemp(prefix="metrics-")
    os.environ[_METRICS_DIRECTORY] = directory
    server = os.getpid()

    def remove() -> None:
        # Workers inherit this by their fork; the folder is the server's.
        if os.getpid() == server:
            shutil.rmtree(directory, ignore_errors=True)

    atexit.register(remove)
