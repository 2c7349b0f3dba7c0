"""`python -m messaging api|worker|relay|migrate|republish`."""

from chassis.entrypoint import run

run("messaging.main")
