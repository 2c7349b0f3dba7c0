"""The messages that ordering asks for: to whom, with which values and which link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.ordering.dispatches import DispatchPurpose, DispatchRecipient, DispatchRequested, DispatchRow
from ordering.application.ports import SendingOrder, UnitOfWork
from ordering.application.sending_ports import ChunkLine
from ordering.domain.link import token_hash
from ordering.domain.message import values_of


@dataclass(frozen=True)
class MessageAddress:
    """Under which name within its order a request goes out: (chunk, wave) is used once."""

    chunk_no: int
    wave: int
    purpose: DispatchPurpose


def message_request(
    order: SendingOrder, address: MessageAddress, lines: Sequence[ChunkLine], uow: UnitOfWork
) -> DispatchRequested:
    """The request for these lines' messages, noted as asked for. A line that was told before keeps its link."""
    tokens = _tokens(lines, address.wave, uow)
    rows = tuple(
        DispatchRow(
            line_id=line.line_id,
            recipient=uow.sealing.seal(
                DispatchRecipient(
                    phone=line.phone,
                    values=values_of(order.template_variables, order.typed_values, line.name, line.company),
                    link=f"{uow.links.page_url}/{tokens[line.line_id]}",
                )
            ),
        )
        for line in lines
    )
    return DispatchRequested(
        order_id=order.order_id,
        company_id=order.company_id,
        chunk_no=address.chunk_no,
        wave=address.wave,
        purpose=address.purpose,
        template_id=order.template_id,
        template_version=order.template_version,
        sender_profile_id=order.sender_profile_id,
        send_title=order.send_title,
        rows=rows,
        requested_at=uow.now(),
    )


def _tokens(lines: Sequence[ChunkLine], wave: int, uow: UnitOfWork) -> Mapping[UUID, str]:
    """Links by line; new ones, and those whose key was taken away, are stored under the current key."""
    keys = uow.links.keys
    kept = {line.line_id: line.link_key_id for line in lines if line.link_key_id in keys.keys}
    tokens = {line.line_id: keys.token(line.line_id, kept.get(line.line_id) or keys.current) for line in lines}
    fresh = {line_id: token_hash(token) for line_id, token in tokens.items() if line_id not in kept}
    if fresh:
        uow.lines.ask_for(fresh, keys.current, wave)
    return tokens
