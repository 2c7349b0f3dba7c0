"""`python -m identity api|worker|relay|migrate|republish|openapi|create-operator|rotate-signing-key`."""

from chassis.entrypoint import run

run("identity.main")
