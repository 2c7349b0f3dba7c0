"""Who may call a view. Every view says so, or the app refuses to start.

The decorators stand below the route's own, nearest to the function, and only mark it; the app looks the mark
up before the view runs, so that nothing is read from the body of a caller who may not call.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload
from uuid import UUID

from flask import g

from chassis.problems import Forbidden

MEMBER = "member"
OPERATOR = "operator"

_MARK = "__chassis_access__"
_View = TypeVar("_View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as their token says. `generation` and `tenant_generation` are the session's, for revocation."""

    subject_id: UUID
    tenant_id: UUID | None
    kind: str
    roles: frozenset[str] = frozenset()
    generation: int = 0
    tenant_generation: int | None = None
    token_id: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """What a view asks of its caller: nothing (`kind` is None), or a kind and one of the roles (any, if none)."""

    kind: str | None
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_public(self) -> bool:
        """Whether anybody may call."""
        return self.kind is None

    def admit(self, caller: Caller) -> None:
        """Let the caller in. Raises `Forbidden`."""
        if caller.kind != self.kind or (self.roles and not (self.roles & caller.roles)):
            raise Forbidden


def public(view: _View) -> _View:
    """Anybody may call; also for what other secrets guard, such as webhooks and links."""
    return _mark(view, Access(kind=None))


@overload
def members(view: _View, /) -> _View: ...
@overload
def members(*, roles: Collection[str] = ...) -> Callable[[_View], _View]: ...
def members(view: Any = None, /, *, roles: Collection[str] = ()) -> Any:
    """Members of a tenant may call: those with one of the roles, or all of them when none is given."""
    return _declare(view, Access(MEMBER, frozenset(roles)))


@overload
def operators(view: _View, /) -> _View: ...
@overload
def operators(*, roles: Collection[str] = ...) -> Callable[[_View], _View]: ...
def operators(view: Any = None, /, *, roles: Collection[str] = ()) -> Any:
    """Operators may call: those with one of the roles, or all of them when none is given."""
    return _declare(view, Access(OPERATOR, frozenset(roles)))


def access_of(view: Callable[..., Any]) -> Access | None:
    """What the view declares, or None when it declares nothing."""
    access: Access | None = getattr(view, _MARK, None)
    return access


def caller() -> Caller:
    """Who calls the present request. Raises RuntimeError in a public view: nobody was asked for."""
    found: Caller | None = g.get("caller")
    if found is None:
        raise RuntimeError("a public view has no caller")
    return found


def _declare(view: Any, access: Access) -> Any:
    return _mark(view, access) if view is not None else lambda later: _mark(later, access)


def _mark(view: _View, access: Access) -> _View:
    if access_of(view) is not None:
        raise TypeError(f"{view.__name__} declares its access twice")
    setattr(view, _MARK, access)
    return view
