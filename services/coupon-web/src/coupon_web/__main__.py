"""`python -m coupon_web api|openapi`."""

from chassis.entrypoint import run

run("coupon_web.main")
