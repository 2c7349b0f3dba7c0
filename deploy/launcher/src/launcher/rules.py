"""Which rules have tests: `docs/rules.md` held against the marks in the tests, read without running them."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher import rules_proof
from launcher.places import ROOT
from launcher.words import say

PROVE = "--prove"
RULE_ROW = re.compile(
    r"^\| (?P<id>[A-Z]{3}-\d{2}) \| (?P<section>[^|]*) \| (?P<subject>[^|]*) \| (?P<keeper>[^|]*) \|$"
)
TEST_FOLDERS = ("libs", "services", "deploy", "tests")


@dataclass(frozen=True)
class Rule:
    """One numbered rule, as `docs/rules.md` lists it."""

    id: str
    section: str
    subject: str
    kept_by: str

    @property
    def area(self) -> str:
        """The letters before the number."""
        return self.id.split("-", 1)[0]


@dataclass(frozen=True)
class Coverage:
    """Every rule asked for with its tests, and the marks that name no rule."""

    rules: tuple[Rule, ...]
    tests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def untested(self) -> tuple[Rule, ...]:
        """Rules that no test carries."""
        return tuple(rule for rule in self.rules if not self.tests.get(rule.id))


def read_rules(page: Path) -> tuple[Rule, ...]:
    """The rules of `docs/rules.md`, in its order."""
    matches = (RULE_ROW.match(line) for line in page.read_text(encoding="utf-8").splitlines())
    return tuple(
        Rule(match["id"], match["section"].strip(), match["subject"].strip(), match["keeper"].strip())
        for match in matches
        if match
    )


def marked_tests(root: Path) -> dict[str, list[str]]:
    """Node ids of tests by the rule that they carry, a mark of a class or of a whole file included."""
    found: dict[str, list[str]] = {}
    for path in _test_files(root):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node_id, rule_ids in _marks(tree, str(path.relative_to(root))):
            for rule_id in rule_ids:
                found.setdefault(rule_id, []).append(node_id)
    return found


def coverage(root: Path, areas: Iterable[str] = ()) -> Coverage:
    """Hold the rules of these areas (all, when none is named) against the tests. Raises `LookupError` for no area."""
    every = read_rules(root / "docs/rules.md")
    wanted = {area.upper() for area in areas}
    missing = wanted - {rule.area for rule in every}
    if missing:
        raise LookupError(f"no such area: {', '.join(sorted(missing))}")
    marks = marked_tests(root)
    known = {rule.id for rule in every}
    return Coverage(
        rules=tuple(rule for rule in every if not wanted or rule.area in wanted),
        tests={rule_id: tuple(tests) for rule_id, tests in marks.items() if rule_id in known},
        unknown={rule_id: tuple(tests) for rule_id, tests in marks.items() if rule_id not in known},
    )


def report(found: Coverage) -> str:
    """The coverage for a person to read."""
    lines = []
    for rule in found.rules:
        tests = found.tests.get(rule.id, ())
        lines.append(f"{rule.id}  {rule.subject}  ({len(tests) or 'no'} test{'' if len(tests) == 1 else 's'})")
        lines += [f"        {test}" for test in tests]
    lines += [f"{rule_id}  is marked but is no rule: {', '.join(tests)}" for rule_id, tests in found.unknown.items()]
    covered = len(found.rules) - len(found.untested)
    lines.append(f"{covered} of {len(found.rules)} rules have a test.")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Print the coverage of these areas, or prove their numbers; 1 when something is missing."""
    areas = [argument for argument in arguments if argument != PROVE]
    try:
        found = coverage(ROOT, areas)
    except LookupError as refusal:
        say(str(refusal))
        return 2
    if PROVE in arguments:
        return rules_proof.prove(ROOT, found.tests, {rule.id for rule in found.rules})
    say(report(found))
    return 1 if found.untested or found.unknown else 0


def _test_files(root: Path) -> Iterator[Path]:
    for folder in TEST_FOLDERS:
        yield from sorted((root / folder).rglob("test_*.py"))


def _marks(tree: ast.Module, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    of_file = _module_marks(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield f"{path}::{node.name}", of_file + _decorator_marks(node)
        elif isinstance(node, ast.ClassDef):
            of_class = of_file + _decorator_marks(node)
            for method in node.body:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and method.name.startswith("test"):
                    yield f"{path}::{node.name}::{method.name}", of_class + _decorator_marks(method)
        elif isinstance(node, ast.Assign):
            yield from _state_machine_marks(node, tree, path, of_file)


def _state_machine_marks(
    node: ast.Assign, tree: ast.Module, path: str, of_file: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A hypothesis state machine is a test by `TestX = Machine.TestCase`; its class carries the marks."""
    target, value = node.targets[0], node.value
    if not (isinstance(target, ast.Name) and target.id.startswith("Test")):
        return
    if isinstance(value, ast.Attribute) and value.attr == "TestCase" and isinstance(value.value, ast.Name):
        machines = [item for item in tree.body if isinstance(item, ast.ClassDef) and item.name == value.value.id]
        of_class = tuple(rule_id for machine in machines for rule_id in _decorator_marks(machine))
        yield f"{path}::{target.id}", of_file + of_class


def _module_marks(tree: ast.Module) -> tuple[str, ...]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
        ):
            listed = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            return tuple(rule_id for item in listed for rule_id in _rule_ids(item))
    return ()


def _decorator_marks(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[str, ...]:
    return tuple(rule_id for decorator in node.decorator_list for rule_id in _rule_ids(decorator))


def _rule_ids(node: ast.expr) -> tuple[str, ...]:
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule"):
        return ()
    return tuple(str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))
