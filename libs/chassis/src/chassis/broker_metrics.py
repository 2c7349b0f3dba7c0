"""Prometheus metrics of what goes through the broker: labels are queues and types, which are few and fixed."""

from prometheus_client import Counter, Gauge

published = Counter("outbox_published", "Messages that the broker has confirmed.", ("producer", "type"))
refused = Counter("outbox_refused", "Messages that the broker refused or could not route.", ("producer", "type", "why"))
outbox_rows = Gauge("outbox_rows", "Messages that wait in the outbox.", ("producer",), multiprocess_mode="mostrecent")
outbox_age_seconds = Gauge(
    "outbox_age_seconds", "How long the oldest of them has waited.", ("producer",), multiprocess_mode="mostrecent"
)

handled = Counter("messages_handled", "Deliveries by what became of them.", ("queue", "type", "outcome"))
retried = Counter("messages_retried", "Deliveries that failed and were put off.", ("queue", "type"))
dead = Counter("messages_dead", "Messages that became dead letters.", ("queue",))

loop_failures = Counter("loop_failures", "Steps of loops that raised.", ("loop",))
