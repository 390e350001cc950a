"""Reading a YAML file that people wrote by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from catalog.errors import UsageError


def read_yaml(path: Path, error: type[UsageError]) -> Any:
    """What a file holds; raises ``error``, naming the file, when it cannot be read or is no YAML."""
    try:
        return yaml.load(path.read_text("utf-8"), _UniqueKeys)
    except OSError as problem:
        raise error(f"{path}: cannot be read ({problem.strerror})") from problem
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise error(f"{path}: no valid YAML ({' '.join(str(problem).split())})") from problem


class _UniqueKeys(yaml.CSafeLoader):  # type: ignore[misc]  # yaml is untyped here
    """YAML in which a key given twice is an error rather than the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(k, deep=True) for k, _ in node.value]
        for n, key in enumerate(keys):
            if key in keys[:n]:
                mark = node.value[n][0].start_mark
                raise yaml.MarkedYAMLError(problem=f"{key!r} twice", problem_mark=mark)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made
