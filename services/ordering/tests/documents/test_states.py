"""The page of states is the code's tables, and stays it."""

from ordering.documents.states import DOCUMENT, states_document


def test_the_committed_page_is_current() -> None:
    assert DOCUMENT.read_text() == states_document()


def test_every_table_is_shown_whole() -> None:
    page = states_document()
    for subject in ("order", "coupon", "dispatch", "attempt"):
        assert f"## {subject}\n" in page
    assert "| `scheduled` | cancel | `cancelled` |" in page
    assert "| `awaiting_choice` | chosen | `waiting` |" in page
