"""Which points there are to be killed at: none may be forgotten, for the walk walks what is declared."""

from __future__ import annotations

from reliability_parts.houses import declared_points

from chassis.consumer import CRASH_STEPS
from contracts.queues import QUEUES
from launcher.services import RELAY, WITH_DATABASE, WORKER
from launcher.suite import Suite

LOOPS_THAT_CALL_OUTSIDE = {
    "ordering.issuing": ("after_claim", "after_call", "after_record"),
    "messaging.handover": ("after_claim", "after_call", "after_record"),
    "messaging.fallback": ("after_claim", "after_call", "after_record"),
    "messaging.codes": ("after_claim", "after_call"),
    "messaging.code_mails": ("after_claim", "after_call"),
    "messaging.mails": ("after_claim", "after_call"),
    "wallet.confirm": ("after_call",),
    "wallet.cancel": ("after_call",),
}


def test_every_handler_declares_its_points(suite_alone: Suite) -> None:
    declared = declared_points(suite_alone)
    for queue in QUEUES:
        for event in queue.hears:
            points = {f"{queue.name}.{event.type}.{step}" for step in CRASH_STEPS}
            assert points <= set(declared[f"{queue.service}-{WORKER}"])


def test_every_relay_declares_its_point(suite_alone: Suite) -> None:
    declared = declared_points(suite_alone)
    for package in WITH_DATABASE:
        assert declared[f"{package}-{RELAY}"] == (f"{package}.relay.after_confirm",)


def test_every_loop_that_calls_the_outside_declares_its_points(suite_alone: Suite) -> None:
    declared = declared_points(suite_alone)
    for loop, steps in LOOPS_THAT_CALL_OUTSIDE.items():
        points = {f"{loop}.{step}" for step in steps}
        assert points <= set(declared[f"{loop.split('.', 1)[0]}-{WORKER}"])
