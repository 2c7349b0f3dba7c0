"""The loop that hands members' alimtalks to the provider: each leaves at most once (MSG-07)."""

from collections.abc import Callable
from datetime import timedelta

from messaging.application.notification_ports import NotificationTransaction
from messaging.application.ports import Accepted, HandOver, Later, Lost, MessageProvider, Refused
from messaging.domain.code import PostState
from messaging.domain.notice import Notice


class SendNotices:
    """One portion of the loop."""

    def __init__(
        self,
        transaction: NotificationTransaction,
        provider: MessageProvider,
        *,
        rows_max: int,
        retry_after: timedelta,
        crash_point: Callable[[str], None],
    ) -> None:
        self._transaction = transaction
        self._provider = provider
        self._rows_max = rows_max
        self._retry_after = retry_after
        self._crash_point = crash_point

    def __call__(self) -> bool:
        """Send what is due; whether there was anything.

        A notice counts as sent before the call: one that is lost with its process is not made good, for its mail and
        the pages say the same, and a second alimtalk of one cause never goes out.
        """
        with self._transaction() as work:
            notices = work.notices.claim(self._rows_max, work.now())
        if not notices:
            return False
        self._crash_point("after_claim")
        for notice in notices:
            outcome = self._provider.send_notice(notice)
            self._crash_point("after_call")
            self._record(notice, outcome)
        return True

    def _record(self, notice: Notice, outcome: HandOver) -> None:
        with self._transaction() as work:
            match outcome:
                case Accepted():
                    work.notices.settle(notice.id, PostState.SENT, "")
                case Later(code=reason):
                    work.notices.postpone(notice.id, reason, work.now() + self._retry_after)
                case Refused(code=reason) | Lost(code=reason):
                    work.notices.settle(notice.id, PostState.FAILED, reason)
