"""The route behind the links of a local file store; a bucket serves its links itself."""

from __future__ import annotations

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from chassis.access import public
from chassis.file_types import JPEG, PDF, PNG
from chassis.files import FileMissing, FileStore, LinkInvalid, LocalFileStore
from chassis.problems import NotFound

_SHOWN_IN_PLACE = frozenset({JPEG, PNG, PDF})


class LinkPath(BaseModel):
    """The signed part of a link."""

    token: str = Field(max_length=2_000)


def file_link_blueprints(store: FileStore, *, path: str) -> tuple[APIBlueprint, ...]:
    """What serves the store's links below `path` (the tail of its `link_base`); nothing for a bucket."""
    if not isinstance(store, LocalFileStore):
        return ()
    blueprint = APIBlueprint("file_links", __name__)

    @blueprint.get(f"{path}/<token>")
    @public
    def linked_file(path: LinkPath) -> Response:
        """The file that a short-lived link names; 404 when the link's time is over or it is not ours."""
        try:
            key, file = store.read_link(path.token)
        except (LinkInvalid, FileMissing):
            raise NotFound from None
        manner = "inline" if file.content_type in _SHOWN_IN_PLACE else "attachment"
        return Response(
            file.content,
            content_type=file.content_type,
            headers={
                "Content-Disposition": f'{manner}; filename="{key.rpartition("/")[2]}"',
                "Cache-Control": "private, no-store",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return (blueprint,)
