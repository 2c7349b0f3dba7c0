"""The pages below a recipient's link. GET changes nothing, because messengers fetch links; the rest are forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Response, make_response, render_template, request
from flask_openapi3 import APIBlueprint

from chassis.access import public
from chassis.clock import Clock
from chassis.origin import client_address
from coupon_web.api import answers, origin
from coupon_web.api.cookies import Cookies
from coupon_web.api.coupon_image import CouponImages
from coupon_web.api.proving import said_of, standing_of, status_of
from coupon_web.api.static_files import StaticFiles
from coupon_web.api.tickets import choice_ticket_of, choosing_until, ticket_of
from coupon_web.domain.coupon import Coupon
from coupon_web.domain.errors import (
    ChoiceOverError,
    ChoiceUnavailableError,
    CodeOverError,
    CodeRefusedError,
    CodeTriesOverError,
    CouponUnavailableError,
    LinkUnknownError,
)
from coupon_web.domain.link import CODE_DIGITS, Link, SentCode, typed_code
from coupon_web.domain.page import CouponPage, LinePage
from coupon_web.domain.ports import Ordering, Pictures

FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages need."""

    ordering: Ordering
    pictures: Pictures
    images: CouponImages
    clock: Clock
    cookies: Cookies
    public_origin: str
    brand_name: str


def pages_blueprint(desk: Desk) -> APIBlueprint:
    """The pages, and the headers of whatever this service answers."""
    blueprint = APIBlueprint("pages", __name__, template_folder="templates")
    files = StaticFiles()
    pages = _Pages(desk, files)
    routes: tuple[tuple[str, str, Callable[..., Response]], ...] = (
        ("/c/<token>", "GET", pages.show),
        ("/c/<token>/code", "POST", pages.send_code),
        ("/c/<token>/proof", "POST", pages.prove),
        ("/c/<token>/choices/<int:item_no>", "GET", pages.confirm),
        ("/c/<token>/choices/<int:item_no>", "POST", pages.choose),
        ("/c/<token>/coupons/<int:item_no>.png", "GET", pages.save),
        ("/c/assets/<digest>/<name>", "GET", pages.static_file),
    )
    for rule, method, view in routes:
        blueprint.add_url_rule(rule, view.__name__, _declared_public(view), methods=[method])
    blueprint.after_app_request(pages.finish)
    return blueprint


def _declared_public(view: Callable[..., Response]) -> Callable[..., Response]:
    """The link's token and the proof guard the pages, not a login."""

    @public
    def called(**parameters: Any) -> Response:
        return view(**parameters)

    return called


class _Pages:
    def __init__(self, desk: Desk, files: StaticFiles) -> None:
        self._desk = desk
        self._files = files

    def show(self, token: str) -> Response:
        """The identity check; the coupons for a browser that passed it."""
        link = Link.parse(token)
        proof = self._desk.cookies.proof()
        line = self._desk.ordering.line(link, proof, address=client_address())
        shown = self._coupons(link, proof) if line.is_proven and not line.is_revoked else None
        if shown is not None:
            return shown
        return self._check(link, line, self._desk.cookies.sent_code(), has_lapsed=proof is not None)

    def send_code(self, token: str) -> Response:
        """Have a code sent, on a pressed button only; then back to the page."""
        origin.refuse_foreign(self._desk.public_origin)
        link = Link.parse(token)
        try:
            code = self._desk.ordering.send_code(link, address=client_address(), at=self._now())
        except CodeRefusedError as refused:
            return self._refuse(link, refused)
        response = _back(link)
        self._desk.cookies.keep_code(response, link, code)
        return response

    def prove(self, token: str) -> Response:
        """Take the code that was typed, and keep the proof."""
        origin.refuse_foreign(self._desk.public_origin)
        link = Link.parse(token)
        sent = self._desk.cookies.sent_code()
        try:
            code = typed_code(request.form.get("code", ""))
            if sent is None:
                raise CodeOverError
            proof = self._desk.ordering.prove(link, sent.code_id, code, address=client_address())
        except CodeRefusedError as refused:
            return self._refuse(link, refused)
        response = _back(link)
        self._desk.cookies.keep_proof(response, link, proof, at=self._now())
        return response

    def confirm(self, token: str, item_no: int) -> Response:
        """Ask once more before a choice that is final; changes nothing (ORD-28)."""
        link = Link.parse(token)
        try:
            page = self._desk.ordering.coupons(link, self._desk.cookies.proof(), address=client_address())
        except LinkUnknownError:
            return _back(link)
        choice = page.choice(item_no)
        if choice is None:
            return _back(link)
        html = self._render("confirming.html", link=link, page=page, ticket=choice_ticket_of(choice))
        return make_response(html)

    def choose(self, token: str, item_no: int) -> Response:
        """Take the choice; then back to the page, which shows what was chosen."""
        origin.refuse_foreign(self._desk.public_origin)
        link = Link.parse(token)
        try:
            self._desk.ordering.choose(link, self._desk.cookies.proof(), item_no, address=client_address())
        except ChoiceUnavailableError:
            return self._choosing_again(link)
        except (LinkUnknownError, ChoiceOverError):
            # Proven too long ago, or chosen on another device: the page itself says which.
            return _back(link)
        return _back(link)

    def save(self, token: str, item_no: int) -> Response:
        """A coupon as a picture. Who has not passed the check gets back to it."""
        link = Link.parse(token)
        try:
            page = self._desk.ordering.coupons(link, self._desk.cookies.proof(), address=client_address())
        except LinkUnknownError:
            return _back(link)
        coupon = page.usable(item_no, self._now())
        if coupon is None:
            raise CouponUnavailableError
        picture = self._desk.pictures.fetch(coupon.picture_address) if coupon.picture_address else None
        content = self._desk.images.draw(coupon, send_title=page.send_title, picture=picture)
        response = Response(content, content_type="image/png")
        response.headers["Content-Disposition"] = _attachment(coupon)
        return response

    def static_file(self, digest: str, name: str) -> Response:
        """The style, the script or the icon."""
        found = self._files.find(digest, name)
        if found is None:
            return Response(status=HTTPStatus.NOT_FOUND, content_type="text/plain; charset=utf-8")
        response = Response(found.content, content_type=found.media_type)
        response.headers["Cache-Control"] = FOR_A_YEAR
        return response

    def finish(self, response: Response) -> Response:
        """What each answer of the service goes through last."""
        return answers.protect(answers.as_page(response, self._render))

    def _coupons(self, link: Link, proof: str | None) -> Response | None:
        """The coupons; None when the proof has lapsed a moment ago."""
        try:
            page = self._desk.ordering.coupons(link, proof, address=client_address())
        except LinkUnknownError:
            return None
        if page.is_about_a_choice:
            return make_response(self._choosing(link, page, is_gone=False))
        at = self._now()
        tickets = [ticket_of(coupon, at) for coupon in page.in_order(at)]
        html = self._render(
            "coupons.html",
            link=link,
            page=page,
            usable=[ticket for ticket in tickets if ticket.number],
            others=[ticket for ticket in tickets if not ticket.number],
            revoked=sum(ticket.state == "revoked" for ticket in tickets),
            are_expired=page.are_expired(at),
        )
        return make_response(html)

    def _choosing_again(self, link: Link) -> Response:
        """The product stopped a moment ago: the others can still be picked."""
        try:
            page = self._desk.ordering.coupons(link, self._desk.cookies.proof(), address=client_address())
        except LinkUnknownError:
            return _back(link)
        if not page.is_about_a_choice:
            return _back(link)
        return make_response(self._choosing(link, page, is_gone=True), HTTPStatus.CONFLICT)

    def _choosing(self, link: Link, page: CouponPage, *, is_gone: bool) -> str:
        tickets = [choice_ticket_of(choice) for choice in page.choices]
        return self._render(
            "choosing.html",
            link=link,
            page=page,
            tickets=tickets,
            stopped=sum(not ticket.can_be_picked for ticket in tickets),
            until=choosing_until(page.choice_ends_at),
            is_gone=is_gone,
        )

    def _check(
        self,
        link: Link,
        line: LinePage,
        sent: SentCode | None,
        *,
        refused: CodeRefusedError | None = None,
        has_lapsed: bool = False,
    ) -> Response:
        # A code that is of no use any more is not asked for: the page offers a new one.
        is_over = isinstance(refused, (CodeOverError, CodeTriesOverError))
        html = self._render(
            "proving.html",
            link=link,
            line=line,
            code=None if is_over else standing_of(sent, self._now()),
            digits=CODE_DIGITS,
            said=said_of(refused) if refused else None,
            has_lapsed=has_lapsed,
        )
        return make_response(html, status_of(refused) if refused else HTTPStatus.OK)

    def _refuse(self, link: Link, refused: CodeRefusedError) -> Response:
        line = self._desk.ordering.line(link, None, address=client_address())
        response = self._check(link, line, self._desk.cookies.sent_code(), refused=refused)
        seconds = getattr(refused, "retry_after_seconds", None)
        if seconds is not None:
            response.headers["Retry-After"] = str(seconds)
        return response

    def _render(self, template: str, **values: Any) -> str:
        return render_template(template, asset=self._files.address, brand_name=self._desk.brand_name, **values)

    def _now(self) -> datetime:
        return self._desk.clock.now()


def _back(link: Link) -> Response:
    """To the link's page, by GET."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"/c/{link.token}"})


def _attachment(coupon: Coupon) -> str:
    name = f"{coupon.brand_name} {coupon.product_name}".strip()
    safe = "".join("_" if character in '\\/:*?"<>|' or character < " " else character for character in name)
    return f"attachment; filename=\"coupon-{coupon.item_no}.png\"; filename*=UTF-8''{quote(safe)}.png"
