"""The look of the sandbox's pages, and safe text inside them."""

from __future__ import annotations

import html
import re

from sandbox.wire import Answer

LINK = re.compile(r"https?://[^\s<>\"']+")
STYLE = (
    "body{font-family:sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222;line-height:1.5}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.4rem;text-align:left}"
    "article{border:1px solid #ddd;border-radius:.6rem;padding:.7rem 1rem;margin:.8rem 0;white-space:pre-wrap;"
    "overflow-wrap:anywhere}small{color:#666}button{font-size:1rem;padding:.6rem 1rem;margin:.3rem .3rem 0 0}"
    "iframe{width:100%;height:32rem;border:1px solid #ddd}img{max-width:100%}"
)


def escaped(text: str) -> str:
    """Text that a page shows as it is."""
    return html.escape(text, quote=True)


def linked(text: str) -> str:
    """Escaped text whose web addresses can be clicked."""
    parts: list[str] = []
    end = 0
    for found in LINK.finditer(text):
        address = escaped(found.group())
        parts.append(f'{escaped(text[end : found.start()])}<a href="{address}">{address}</a>')
        end = found.end()
    return "".join([*parts, escaped(text[end:])])


def page(title: str, body: str, status: int = 200) -> Answer:
    """A whole HTML page in Korean; `body` is markup."""
    markup = (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{escaped(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><h1>{escaped(title)}</h1>{body}</body></html>"
    )
    return Answer(status, markup.encode(), "text/html")
