"""`python -m catalog api|worker|relay|migrate|republish`."""

from chassis.entrypoint import run

run("catalog.main")
