"""From a rendered prompt to the messages a backend sends."""

from __future__ import annotations

import re

from assistant.llm.protocol import Prompt
from prompts import Rendered

# "<|im_end|>", "</s>", "<start_of_turn>", "<<SYS>>", "<｜User｜>": a bracket that opens a tag.
# "[INST]", "[/INST]", "[TOOL_CALLS]": an upper-case tag in square brackets.
_TAG_OPENS = re.compile(r"<(?=[|｜/]?[A-Za-z_|｜])|\[(?=/?[A-Z_]{3,}\])")


def neutralise(text: str) -> str:
    """Break everything that a chat template could take for a control token.

    A blank after the opening bracket is enough: tokenizers look for the exact
    string. The result reads the same to a person and to the model; applying it
    twice changes nothing more.
    """
    return _TAG_OPENS.sub(r"\g<0> ", text)


def to_prompt(rendered: Rendered) -> Prompt:
    """A rendered prompt file as what a :class:`LanguageModel` takes."""
    return Prompt(
        system=rendered.system,
        user=neutralise(rendered.user),
        examples=rendered.examples,
        prefill=rendered.prefill,
    )


def chat_messages(prompt: Prompt) -> list[dict[str, str]]:
    """The prompt as OpenAI-style messages, without the prefill, every part neutralised.

    The system part too: it may name brands and types, which sellers write.
    """
    messages = [{"role": "system", "content": neutralise(prompt.system)}] if prompt.system else []
    for asked, answered in prompt.examples:
        messages.append({"role": "user", "content": neutralise(asked)})
        messages.append({"role": "assistant", "content": neutralise(answered)})
    messages.append({"role": "user", "content": neutralise(prompt.user)})
    return messages
