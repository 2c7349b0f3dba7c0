"""How Korean names are found: by parts of words whatever the spacing, and by initial consonants (CAT-02)."""

import unicodedata

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
SIMILARITY_MIN = 0.5
"""How much of a query's spelling a name has to share: 아메리가노 still finds 아메리카노, 초코 no 초록."""
FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3
SYLLABLES_AN_INITIAL = 21 * 28


def squeezed(text: str) -> str:
    """The text as it is compared: composed, lower case, without spaces and punctuation."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)).lower()
    return "".join(letter for letter in composed if letter.isalnum())


def initials(text: str) -> str:
    """The text with each Hangul syllable replaced by its initial consonant: 스타벅스 → ㅅㅌㅂㅅ."""
    return "".join(_initial(letter) for letter in squeezed(text))


def spelled(text: str) -> str:
    """The text as it is spelled, letter by letter: a slip of one letter leaves the rest of its syllable as it is."""
    words = unicodedata.normalize("NFKC", text).lower().split()
    return unicodedata.normalize("NFD", " ".join(words))


def asks_by_initials(query: str) -> bool:
    """Whether a query consists of initial consonants only."""
    wanted = compatibility_consonants(query)
    return bool(wanted) and all(letter in INITIALS for letter in wanted)


def compatibility_consonants(query: str) -> str:
    """A query's letters without spaces, consonants kept as they are typed on a keyboard."""
    return "".join(letter for letter in unicodedata.normalize("NFC", query) if not letter.isspace())


def _initial(letter: str) -> str:
    code = ord(letter)
    if FIRST_SYLLABLE <= code <= LAST_SYLLABLE:
        return INITIALS[(code - FIRST_SYLLABLE) // SYLLABLES_AN_INITIAL]
    return letter
