"""Parts of contacts' words, by which an index finds whoever has them.

Korean names have two or three letters and are searched by one or two, of which the usual trigrams know nothing: parts
are of one and two letters. The member and the field are in each part's number, so that nobody's search walks through
what others have. Numbers that meet by chance cost a look and nothing else: what is found is compared letter by letter.
"""

from hashlib import blake2b
from uuid import UUID

GRAM_LETTERS = 2
NAME, COMPANY = b"n", b"c"


def grams_of_row(member_id: UUID, name: str, company: str) -> list[int]:
    """Every part of a contact's words."""
    words = ((NAME, name), (COMPANY, company))
    return sorted({gram for field, word in words for gram in _grams(member_id, field, word, 1)})


def grams_of_word(member_id: UUID, field: bytes, word: str) -> list[int]:
    """The parts that whatever contains the word has: the longest there are."""
    return sorted(set(_grams(member_id, field, word, min(len(word.lower()), GRAM_LETTERS))))


def _grams(member_id: UUID, field: bytes, word: str, shortest: int) -> list[int]:
    lower = word.lower()
    return [
        int.from_bytes(blake2b(field + part.encode(), digest_size=8, key=member_id.bytes).digest(), signed=True)
        for letters in range(shortest, GRAM_LETTERS + 1)
        for part in (lower[place : place + letters] for place in range(len(lower) - letters + 1))
    ]
