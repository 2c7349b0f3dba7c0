"""What a change of a JSON Schema would break for those who read, or have already written, the older form.

Within a version a message only grows: an optional field may come, nothing may go, narrow or change its meaning.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """Each reason why `new` is not an additive successor of `old`; none means compatible."""
    return list(_compare(old, new, old, new, "$"))


def _compare(old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    for keyword in ("type", "format", "pattern", "const", "minimum", "maximum"):
        if old.get(keyword) != new.get(keyword):
            yield f"{path}: {keyword} was {old.get(keyword)!r}, would be {new.get(keyword)!r}"
    if "enum" in old or "enum" in new:
        gone = sorted(set(map(str, old.get("enum", ()))) - set(map(str, new.get("enum", ()))))
        if gone:
            yield f"{path}: enum would lose {', '.join(gone)}"
    yield from _compare_objects(old, new, old_root, new_root, path)
    if "items" in old and "items" in new:
        yield from _compare(old["items"], new["items"], old_root, new_root, f"{path}[]")
    yield from _compare_unions(old, new, old_root, new_root, path)


def _compare_objects(old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() - after.keys()):
        yield f"{path}.{name}: would go"
    for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{path}.{name}: would become required"
    for name in sorted(set(old.get("required", ())) - set(new.get("required", ()))):
        yield f"{path}.{name}: readers rely on it, it would become optional"
    for name in sorted(before.keys() & after.keys()):
        yield from _compare(before[name], after[name], old_root, new_root, f"{path}.{name}")


def _compare_unions(old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str) -> Iterator[str]:
    before, after = old.get("anyOf", ()), new.get("anyOf", ())
    if len(before) != len(after):
        yield f"{path}: the number of alternatives would change"
        return
    for index, (was, would_be) in enumerate(zip(before, after, strict=True)):
        yield from _compare(was, would_be, old_root, new_root, f"{path}|{index}")


def _resolved(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Schema = root
    for part in str(reference).removeprefix("#/").split("/"):
        found = found[part]
    return found
