"""Companies and sub-members of a test's own."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace

from chassis.testing.events import eventually
from launcher.demo import Places
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, SignUp
from launcher.journey.rest import Rest


def company_of_its_own(places: Places, operator: Operator, outside: Outside) -> Master:
    """The master of a prepaid company that has nothing yet."""
    applicant = Applicant.new(outside)
    sign_up = SignUp(places.gateway_url, outside)
    sign_up.fill_in(applicant)
    operator.approve(sign_up.id)
    return Master(places.gateway_url, applicant, outside)


def joined(master: Master, places: Places, outside: Outside) -> tuple[str, Applicant]:
    """A sub-member who joined by the mailed link: the id, and who logs in."""
    email = f"sub-{uuid.uuid4().hex[:10]}@hanbit.example"
    password = f"Hanbit-{uuid.uuid4().hex}"
    who = replace(Applicant.new(outside), email=email, password=password, name="이두리")
    rows = [{"email": email, "name": who.name, "phone": who.phone}]
    assert master.rest.post("/v1/members/invitations", {"rows": rows})["invited"] == 1
    (letter,) = eventually(lambda: outside.letters(email), timeout_seconds=30)
    token = re.findall(r"#([\w-]{20,})", str(letter))[0]
    joining = Rest(places.gateway_url, headers={"Invitation-Token": token})
    code = outside.code_after(who.phone, lambda: joining.post("/v1/invitations/current/phone-codes"))
    joining.post("/v1/invitations/current/phone-codes/check", {"code": code})
    agreed = [{"code": each["code"], "version": each["version"]} for each in joining.get("/v1/terms")["items"]]
    joining.post("/v1/invitations/current/join", {"password": password, "agreed": agreed})
    (row,) = master.rest.get("/v1/members", text=email)["items"]
    return str(row["id"]), who
