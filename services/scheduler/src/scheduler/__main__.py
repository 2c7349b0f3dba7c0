"""`python -m scheduler api|worker|relay|migrate`."""

from chassis.entrypoint import run

run("scheduler.main")
