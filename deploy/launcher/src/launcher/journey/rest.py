"""A client of the gateway's REST, as thin as it can be: JSON in, JSON out, problems raised."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx

from launcher.words import LauncherError

FoundT = TypeVar("FoundT")

TIMEOUT_SECONDS = 40.0
POLL_SECONDS = 0.1


class Refused(LauncherError):
    """The API answered with a problem."""

    def __init__(self, call: str, status: int, problem: Mapping[str, Any]) -> None:
        said = problem.get("message", {}).get("ko") or problem.get("detail") or problem
        super().__init__(f"{call}: {status} {problem.get('code', '')} {said}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """The problem's stable code."""
        return str(self.problem.get("code", ""))


class Rest:
    """Calls one address; `token` is whose behalf it is on."""

    def __init__(self, base_url: str, *, token: str = "", headers: Mapping[str, str] | None = None) -> None:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(
            base_url=base_url, headers={**bearer, **(headers or {})}, timeout=TIMEOUT_SECONDS, trust_env=False
        )

    def get(self, path: str, **query: Any) -> Any:
        """The answer's body."""
        return self._json("GET", path, params={name: value for name, value in query.items() if value is not None})

    def post(self, path: str, body: object = None, *, key: str | None = None, **headers: str) -> Any:
        """The answer's body; `key` is the Idempotency-Key."""
        return self.answer("POST", path, body, key=key, **headers)[1]

    def put(self, path: str, body: object) -> Any:
        """The answer's body."""
        return self._json("PUT", path, json=body)

    def upload(self, path: str, name: str, content: bytes, *, method: str = "PUT") -> Any:
        """The answer's body for a file."""
        return self._json(method, path, files={"file": (name, content)})

    def submit(self, path: str, **form: str) -> None:
        """Press a page's button: a form, whose answer leads on to a page."""
        self._call("POST", path, data=form)

    def delete(self, path: str) -> None:
        """No body."""
        self._json("DELETE", path)

    def answer(
        self, method: str, path: str, body: object = None, *, key: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Status and body."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Idempotency-Key"] = key
        response = self._call(method, path, json=body, headers=sent)
        return response.status_code, response.json() if response.content else None

    def raw(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> httpx.Response:
        """The answer to bytes that claim to be JSON, whatever its status."""
        sent = {**headers, **({"Content-Type": "application/json"} if content is not None else {})}
        return self._client.request(method, path, content=content, headers=sent)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _json(self, method: str, path: str, **more: Any) -> Any:
        response = self._call(method, path, **more)
        return response.json() if response.content else None

    def _call(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **more)
        except httpx.HTTPError as failure:
            raise LauncherError(f"{method} {path}: no answer ({type(failure).__name__})") from failure
        if response.is_error:
            raise Refused(f"{method} {path}", response.status_code, _problem(response))
        return response


def wait_for(what: str, look: Callable[[], FoundT | None], timeout_seconds: float = 30.0) -> FoundT:
    """Look again until something is there. Raises `LauncherError` naming what did not come."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise LauncherError(f"{what}: not within {timeout_seconds:.0f} seconds")
        time.sleep(POLL_SECONDS)


def _problem(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {"detail": response.text[:200]}
    return body if isinstance(body, dict) else {"detail": body}
