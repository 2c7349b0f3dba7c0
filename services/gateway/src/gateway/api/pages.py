"""What a recipient sees in a browser when the gateway itself has to refuse: words, not a problem document."""

from __future__ import annotations

from flask import Response
from markupsafe import escape

_PAGE = """<!doctype html>
<html lang="ko">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>CoupBiz</title></head>
<body><main><h1>지금은 페이지를 보여 드릴 수 없습니다</h1><p>{ko}</p><p lang="en">{en}</p></main></body>
</html>
"""


def page_of(problem: Response) -> Response:
    """The same refusal as a page: status and headers stay."""
    message = (problem.get_json(silent=True) or {}).get("message")
    if message is None:
        return problem
    problem.set_data(_PAGE.format(ko=escape(message["ko"]), en=escape(message["en"])))
    problem.content_type = "text/html; charset=utf-8"
    return problem
