"""A message template: an approved text with variables (MSG-04, ORD-13)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from messaging.domain.errors import MessageTooLong, ValueMissing
from messaging.domain.template_approval import TemplateState, TemplateStep, after

VARIABLE = re.compile(r"#\{([^{}]{1,20})\}")
FORM_BYTES_MAX = 2_000  # ORD-13
KAKAO_LETTERS_MAX = 1_000
"""ORD-13: where the provider takes less than the 2,000 bytes of the form, the provider's limit holds too."""
_COUNTED_AS = "cp949"
_FOREIGN_BYTES = 2


@dataclass(frozen=True)
class Template:
    """One version of a template. `provider_code` is the code that stands for its text at the provider."""

    id: UUID
    version: int
    provider_code: str
    theme: str
    name: str
    body: str
    button_name: str
    state: TemplateState
    card_key: str = ""
    """The picture that goes with it where the way carries one; empty without any."""
    reason: str = ""
    """Why the provider rejected it."""

    @property
    def usable(self) -> bool:
        """Whether the provider approved this version."""
        return self.state is TemplateState.APPROVED

    @property
    def text(self) -> tuple[str, str, str]:
        """What the provider judges; theme, name and card are ours alone."""
        return self.provider_code, self.body, self.button_name

    def stepped(self, step: TemplateStep, *, reason: str = "") -> "Template":
        """This version after a step. Raises `TemplateStepNotAllowed`."""
        return replace(self, state=after(self.state, step), reason=reason)

    def followed_by(self, changed: "Template") -> "Template":
        """The next version with this content: it keeps the judgement of the same text, else it is a draft."""
        same = changed.text == self.text and self.state is not TemplateState.WITHDRAWN
        state = self.state if same else TemplateState.DRAFT
        return replace(changed, version=self.version + 1, state=state, reason=self.reason if same else "")

    @property
    def variables(self) -> tuple[str, ...]:
        """The names used in the text, each once, in the order of their first use."""
        return variables_of(self.body)

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with every variable replaced. Raises `ValueMissing`, `MessageTooLong`.

        A value is never read as a template again, so a name like `#{이름}` stays what somebody typed.
        """
        return filled(self.body, values)


def variables_of(body: str) -> tuple[str, ...]:
    """The names used in a text, each once, in the order of their first use."""
    return tuple(dict.fromkeys(VARIABLE.findall(body)))


def filled(body: str, values: Mapping[str, str]) -> str:
    """A text with every variable replaced; what stands in a value is no variable.

    Raises `ValueMissing`, `MessageTooLong`.
    """
    missing = tuple(name for name in variables_of(body) if not values.get(name))
    if missing:
        raise ValueMissing(missing)
    text = VARIABLE.sub(lambda match: values[match[1]], body)
    lengths = {"bytes": (form_bytes(text), FORM_BYTES_MAX), "letters": (len(text), KAKAO_LETTERS_MAX)}
    passed = {unit: (count, at_most) for unit, (count, at_most) in lengths.items() if count > at_most}
    if passed:
        raise MessageTooLong(passed)
    return text


def form_bytes(text: str) -> int:
    """Length as the form counts it: in CP949, a letter outside of it as 2, a line break as 1 (ORD-13)."""
    whole = text.replace("\r\n", "\n")
    known = whole.encode(_COUNTED_AS, "ignore").decode(_COUNTED_AS)
    return len(known.encode(_COUNTED_AS)) + _FOREIGN_BYTES * (len(whole) - len(known))
