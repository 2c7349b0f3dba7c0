"""`python -m gateway api|openapi`."""

from chassis.entrypoint import run

run("gateway.main")
