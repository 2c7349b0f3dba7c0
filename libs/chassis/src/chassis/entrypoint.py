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

API = "api"
_METRICS_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"


def run(main_module: str) -> None:
    """Do what the command line says with the service whose composition root is the module. Exits the process."""
    if sys.argv[1:2] == [API]:
        _become_cooperative()
        _count_metrics_together()
    from chassis.commands import execute

    raise SystemExit(execute(main_module, sys.argv[1:]))


def _become_cooperative() -> None:
    from gevent import monkey

    monkey.patch_all()


def _count_metrics_together() -> None:
    """Give the workers of this server one empty folder for their metrics, removed when the server ends."""
    directory = tempfile.mkdtemp(prefix="metrics-")
    os.environ[_METRICS_DIRECTORY] = directory
    server = os.getpid()

    def remove() -> None:
        # Workers inherit this by their fork; the folder is the server's.
        if os.getpid() == server:
            shutil.rmtree(directory, ignore_errors=True)

    atexit.register(remove)
