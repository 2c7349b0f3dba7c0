"""`python -m ordering api|worker|relay|migrate|openapi`."""

from chassis.entrypoint import run

run("ordering.main")
