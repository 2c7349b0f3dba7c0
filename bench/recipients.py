"""How fast a workbook of recipients is read and judged, and in what memory, beside the reader and the rules alone.

    ./coupbiz bench recipients [ROWS] [ROUNDS]

The whole is what an upload does: looked through for bombs, read, cells made text, rows cleaned and judged. The floor is
the bare reader's time for the same file, and the rules' time for rows that are ready. Memory is that of a fresh
process, over what it has when everything is imported. A run that does not find every row prints no figure. The last
line is one JSON object.
"""

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from python_calamine import CalamineWorkbook

from ordering.application.uploading import UploadedRecipients, take_file
from ordering.documents.recipient_workbooks import RecipientWorkbooks
from ordering.domain.line import Row, sort_rows
from ordering.settings import OrderRules

ALONE = "--alone"
STATUS = Path("/proc/self/status")
FORGET_PEAK = Path("/proc/self/clear_refs")
KIB_PER_MIB = 1024
AIM_TO_FLOOR = 3.0
AIM_MIB = 150.0


def main(arguments: Sequence[str]) -> int:
    """Write a workbook, read it again and again, and print the figures."""
    if arguments[:1] == [ALONE]:
        print(json.dumps(_memory(Path(arguments[1]))))
        return 0
    rows = int(arguments[0]) if arguments else 10_000
    rounds = int(arguments[1]) if len(arguments) > 1 else 15
    people = [
        Row(f"010-{number // 10_000:04d}-{number % 10_000:04d}", f"김{number % 97}", "한빛상사", "과장")
        for number in range(rows)
    ]
    content = RecipientWorkbooks().listed(people)
    whole, bare, rules = [], [], []
    for _ in range(rounds):
        whole.append(_timed(lambda: _expect(rows, _taken(content))))
        bare.append(
            _timed(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())
        )
        rules.append(_timed(lambda: sort_rows(people, OrderRules().placing().limits)))
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        alone = [sys.executable, __file__, ALONE, file.name]
        memory = json.loads(subprocess.run(alone, stdout=subprocess.PIPE, check=True).stdout)
    seconds, floor = statistics.median(whole), statistics.median(bare) + statistics.median(rules)
    figures = {
        "rows": rows,
        "seconds": round(seconds, 4),
        "reader_seconds": round(statistics.median(bare), 4),
        "rules_seconds": round(statistics.median(rules), 4),
        "to_floor": round(seconds / floor, 2),
        **memory,
    }
    over = memory["over_idle_mib"]
    print(f"  {figures['to_floor']} times the floor (aim {AIM_TO_FLOOR}); over idle {over} MiB (aim {AIM_MIB})")
    print(json.dumps(figures))
    return 0


def _taken(content: bytes) -> UploadedRecipients:
    return take_file(content, RecipientWorkbooks(), OrderRules().placing().limits, lambda _problems: "")


def _expect(rows: int, found: UploadedRecipients) -> None:
    if len(found.recipients) != rows or found.refused:
        raise SystemExit(f"{len(found.recipients)} of {rows} rows were taken")


def _memory(file: Path) -> dict[str, float]:
    content = file.read_bytes()
    OrderRules().placing()
    FORGET_PEAK.write_text("5", encoding="ascii")
    idle = _mib("VmRSS")
    _taken(content)
    return {"idle_mib": round(idle, 1), "over_idle_mib": round(_mib("VmHWM") - idle, 1)}


def _mib(name: str) -> float:
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith(name))
    return int(line.split()[1]) / KIB_PER_MIB


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
