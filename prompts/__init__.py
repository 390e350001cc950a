"""The prompts, one a file, and the one place that loads them.

A prompt file ``NAME.jinja`` consists of Jinja blocks and comments, nothing else::

    {# what it is for #}
    {% block system %}You read what a shopper says. Prices are in {{ currency }}.{% endblock %}
    {% block examples %}
    User: a red mug under 10
    Assistant: {"item": "mug", "color": "red"}
    {% endblock %}
    {% block user %}{{ utterance }}{% endblock %}
    {% block prefill %}{"item": "{% endblock %}

``user`` is required. ``examples`` takes no variables: it is the same for every call,
so that a model can keep it evaluated, and no shopper's or seller's text can pretend
to be an example. Whatever a variable holds stays inside its own block.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2 import Template as JinjaTemplate
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from catalog.errors import PromptError

__all__ = ["Rendered", "Template", "load", "names", "parse", "render"]

BLOCKS = ("system", "examples", "user", "prefill")
_SPEAKER = re.compile(r"^(User|Assistant): ?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt with its variables filled in; examples are (user, assistant) pairs."""

    system: str
    examples: tuple[tuple[str, str], ...]
    user: str
    prefill: str


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt file, checked: ``variables`` are exactly the names it uses."""

    name: str
    variables: frozenset[str]
    examples: tuple[tuple[str, str], ...]
    _jinja: JinjaTemplate

    def render(self, **variables: Any) -> Rendered:
        """Fill the prompt in.

        Raises ``PromptError`` when a variable is missing, or one is given that the
        prompt does not use.
        """
        missing = sorted(self.variables - variables.keys())
        unused = sorted(variables.keys() - self.variables)
        if missing or unused:
            what = [f"lacks {', '.join(missing)}"] if missing else []
            what += [f"does not use {', '.join(unused)}"] if unused else []
            raise PromptError(
                f"prompt {self.name}.jinja {' and '.join(what)}: "
                f"it takes {', '.join(sorted(self.variables)) or 'no variables'}"
            )
        return Rendered(
            system=self._block("system", variables).strip(),
            examples=self.examples,
            user=self._block("user", variables).strip(),
            # A blank at the end of a prefill can matter, the line break before endblock cannot.
            prefill=self._block("prefill", variables).strip("\n"),
        )

    def _block(self, block: str, variables: Mapping[str, Any]) -> str:
        render_block = self._jinja.blocks.get(block)
        if render_block is None:
            return ""
        try:
            return "".join(render_block(self._jinja.new_context(dict(variables))))
        except TemplateError as error:
            raise PromptError(
                f"prompt {self.name}.jinja, block {block}: {error.message}"
            ) from error


def render(name: str, **variables: Any) -> Rendered:
    """Load ``prompts/NAME.jinja`` and fill it in; raises :class:`PromptError`."""
    return load(name).render(**variables)


def names() -> list[str]:
    """Names of all prompts, sorted."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    return sorted(file.removesuffix(".jinja") for file in files if file.endswith(".jinja"))


@cache
def load(name: str) -> Template:
    """The checked template of ``prompts/NAME.jinja``.

    Raises ``PromptError`` when there is no such file or it is malformed.
    """
    if name not in names():
        raise PromptError(f"no prompt named {name!r}; there are: {', '.join(names()) or 'none'}")
    source = resources.files(__name__).joinpath(f"{name}.jinja").read_text(encoding="utf-8")
    return parse(name, source)


def parse(name: str, source: str) -> Template:
    """Check the text of a prompt file and compile it.

    Raises ``PromptError``, naming file and line, for a syntax error, text outside the
    blocks, an unknown or a missing block, and examples that are not pairs.
    """
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    try:
        tree = environment.parse(source)
        template = environment.from_string(source)
    except TemplateError as error:
        line = getattr(error, "lineno", 0)
        raise PromptError(f"prompt {name}.jinja, line {line}: {error.message}") from error
    blocks = _check_blocks(name, tree)
    variables = find_undeclared_variables(tree)
    examples: tuple[tuple[str, str], ...] = ()
    if "examples" in blocks:
        alone = nodes.Template([blocks["examples"]], lineno=1)
        alone.set_environment(environment)
        if used := find_undeclared_variables(alone):
            raise PromptError(
                f"prompt {name}.jinja, line {blocks['examples'].lineno}: examples take no "
                f"variables, found {', '.join(sorted(used))}; move them to system or user"
            )
        text = "".join(template.blocks["examples"](template.new_context({})))
        examples = _pairs(name, blocks["examples"].lineno, text)
    return Template(name, frozenset(variables), examples, template)


def _check_blocks(name: str, tree: nodes.Template) -> dict[str, nodes.Block]:
    blocks: dict[str, nodes.Block] = {}
    for node in tree.body:
        if isinstance(node, nodes.Block) and node.name in BLOCKS:
            blocks[node.name] = node
        elif isinstance(node, nodes.Block):
            raise PromptError(
                f"prompt {name}.jinja, line {node.lineno}: unknown block {node.name!r}; "
                f"there are {', '.join(BLOCKS)}"
            )
        elif not _is_blank(node):
            raise PromptError(
                f"prompt {name}.jinja, line {node.lineno}: text or tags outside the blocks "
                f"{', '.join(BLOCKS)} would never be sent"
            )
    if "user" not in blocks:
        raise PromptError(f"prompt {name}.jinja has no block 'user': what is asked goes there")
    return blocks


def _is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
    )


def _pairs(name: str, line: int, text: str) -> tuple[tuple[str, str], ...]:
    before, *spoken = _SPEAKER.split(text.strip())
    speakers, lines = spoken[::2], [part.strip() for part in spoken[1::2]]
    if before.strip() or speakers != ["User", "Assistant"] * (len(speakers) // 2):
        raise PromptError(
            f"prompt {name}.jinja, line {line}: examples must be pairs of lines that begin "
            "with 'User: ' and 'Assistant: '"
        )
    return tuple(zip(lines[::2], lines[1::2], strict=True))
