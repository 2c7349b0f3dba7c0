"""`python -m wallet api|worker|relay|migrate|republish|openapi|verify`."""

from chassis.entrypoint import run

run("wallet.main")
