"""What both baselines are told by their environment, and how Celery is set up for both: safe, and quiet."""

import os

from celery import Celery

DATABASE_URL = "BENCH_DATABASE_URL"
BROKER_URL = "BENCH_BROKER_URL"
SANDBOX_URL = "BENCH_SANDBOX_URL"
SANDBOX_TOKEN = "BENCH_SANDBOX_TOKEN"  # noqa: S105 - a variable's name


def celery_app(name: str, *, prefetch: int) -> Celery:
    """An application that loses no task: confirmed publishing, and acknowledgement only after the work."""
    app = Celery(name, broker=os.environ[BROKER_URL])
    app.conf.update(
        task_default_queue=f"bench.{name}",
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=prefetch,
        worker_hijack_root_logger=False,
        broker_transport_options={"confirm_publish": True},
        broker_connection_retry_on_startup=True,
        task_serializer="json",
    )
    return app
