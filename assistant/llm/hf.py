"""A model through transformers and accelerate: what to use where there is a GPU.

The decoding loop is our own: greedy, with llguidance's token mask when the answer is
constrained, the fixed part of the prompt kept evaluated between calls, and a look at
the deadline before every token and every piece of prompt.
"""

from __future__ import annotations

import copy
import logging
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.compact import BEGIN, END
from assistant.llm.choosing import choose_along, first_difference
from assistant.llm.lora import Beside
from assistant.llm.prompting import chat_messages, neutralise
from assistant.llm.protocol import ModelInfo, Prompt, Schema
from assistant.llm.schema import to_lark
from assistant.llm.worker import Job, Worker
from catalog.errors import ModelError, ModelNotFound

FIXED_PARTS = 3
"""Evaluated system parts with examples kept at the same time."""

PIECE = 128
"""Tokens of prompt evaluated between two looks at the deadline."""


class Transformers:
    """A :class:`assistant.llm.protocol.LanguageModel` over a causal model of transformers.

    ``source`` is a folder or a name on the hub; only safetensors are read and no code
    that comes with a model is run. ``device`` is ``auto`` (accelerate places the model),
    ``cpu`` or ``cuda``; ``dtype`` is ``auto`` (float32 on a CPU, bfloat16 on a GPU) or
    the name of a torch dtype. ``context`` is tokens of a prompt and its answer together.
    ``adapters`` are LoRAs in GGUF by task, each taking part in prompts of its task only.

    The model is loaded by the first call or by :meth:`warm_up`, which raises
    ``ModelNotFound`` when it is not to be had and ``ModelError`` when it cannot be loaded.
    """

    def __init__(
        self,
        source: str | Path,
        *,
        device: str = "auto",
        dtype: str = "auto",
        name: str | None = None,
        context: int = 4096,
        parameters: str = "?",
        sha256: str | None = None,
        adapters: Mapping[str, Path] | None = None,
    ) -> None:
        self._source = str(source)
        self._device = device
        self._dtype = dtype
        self._adapters = dict(adapters or {})
        self._info = ModelInfo(
            name or Path(source).name,
            "transformers",
            device,
            parameters,
            sha256,
            tuple(self._adapters),
        )
        self._context = context
        self._worker = Worker(self._info.name)
        self._model: Any = None
        self._tokenizer: Any = None
        self._grammars: Any = None
        self._ends: frozenset[int] = frozenset()
        self._closed = False
        self._beside: Beside | None = None
        self._caches: OrderedDict[tuple[str, tuple[int, ...]], Any] = OrderedDict()

    def load(self) -> None:
        """Load the model now instead of in the first call; raises what loading raises."""
        for _ in self._worker.stream(lambda job: self._start(), None):
            pass

    def warm_up(self, *prompts: Prompt) -> None:
        """Load the model and evaluate the fixed parts of ``prompts`` in the background.

        Returns at once. An error shows in the first call that needs the model.
        """

        def run(job: Job[str]) -> None:
            self._start()
            for prompt in prompts:
                self._prepare(prompt)

        self._worker.start(run)

    def generate(
        self,
        prompt: Prompt,
        *,
        schema: Schema | None = None,
        max_tokens: int = 128,
        stop: Sequence[str] = (),
        deadline: float | None = None,
        probabilities: list[float] | None = None,
    ) -> Iterator[str]:
        """See :meth:`assistant.llm.protocol.LanguageModel.generate`."""
        lark = None if schema is None else to_lark(schema)

        def run(job: Job[str]) -> None:
            rest, cache = self._prepare(prompt)
            text = Text(stop)
            written: list[int] = []
            matcher = None if lark is None else self._matcher(lark)
            logits = self._forward(job, rest, cache)
            while logits is not None and len(written) < max_tokens and not text.ended:
                token = self._best(logits, matcher)
                if probabilities is not None:
                    probabilities.append(float(logits.softmax(-1)[token]))
                if token in self._ends:
                    break
                written.append(token)
                if piece := text.add(self._tokenizer.decode(written)):
                    job.emit(piece)
                if matcher is not None and matcher.is_stopped():
                    break
                logits = self._forward(job, [token], cache)
            if piece := text.rest():
                job.emit(piece)

        return self._worker.stream(run, deadline)

    def choose(
        self, prompt: Prompt, options: Sequence[str], *, deadline: float | None = None
    ) -> list[float]:
        """See :meth:`assistant.llm.protocol.LanguageModel.choose`."""

        def run(job: Job[list[float]]) -> None:
            rest, cache = self._prepare(prompt)

            def weigh(written: tuple[int, ...], allowed: Sequence[int]) -> list[float]:
                logits = self._forward(job, [*rest, *written], copy.deepcopy(cache))
                if logits is None:
                    raise ModelError("cancelled")
                return [float(p) for p in logits[list(allowed)].double().softmax(-1)]

            encode = self._tokenizer.encode
            paths = [tuple(encode(option, add_special_tokens=False)) for option in options]
            job.emit(choose_along(paths, lambda: min(self._ends), weigh))

        (probabilities,) = self._worker.stream(run, deadline)
        return probabilities

    def describe(self) -> ModelInfo:
        """See :meth:`assistant.llm.protocol.LanguageModel.describe`."""
        return self._info

    def close(self) -> None:
        """Wait for the request that runs now, then free the model."""
        self._closed = True
        self._worker.wait()
        self._model = self._tokenizer = self._grammars = self._beside = None
        self._caches.clear()

    # Everything below runs in the worker's thread, one request at a time.

    def _start(self) -> None:
        if self._closed:
            raise ModelError(f"{self._info.name} is closed; open the model again")
        if self._model is not None:
            return
        import torch
        from llguidance.hf import from_tokenizer
        from transformers import AutoModelForCausalLM, AutoTokenizer

        gpu = self._device != "cpu" and torch.cuda.is_available()
        dtype = ("bfloat16" if gpu else "float32") if self._dtype == "auto" else self._dtype
        try:
            with _quiet():
                tokenizer = AutoTokenizer.from_pretrained(self._source, trust_remote_code=False)
                model = AutoModelForCausalLM.from_pretrained(
                    self._source,
                    dtype=getattr(torch, dtype),
                    device_map=self._device if gpu else "cpu",
                    use_safetensors=True,
                    trust_remote_code=False,
                )
        except OSError as error:
            reason = str(error).strip().split("\n", 1)[0]
            raise ModelNotFound(
                f"transformers cannot get {self._source}: {reason}; check the name and the network"
            ) from error
        except (ValueError, RuntimeError, ImportError, KeyError) as error:
            reason = str(error).strip().split("\n", 1)[0]
            raise ModelError(f"transformers cannot load {self._source}: {reason}") from error
        if tokenizer.chat_template is None:
            raise ModelError(f"{self._source} has no chat template: name an instruct model")
        ends = {tokenizer.eos_token_id}
        for config in (model.config, model.generation_config):
            ids = getattr(config, "eos_token_id", None)
            ends.update(ids if isinstance(ids, (list, tuple)) else [ids])
        self._ends = frozenset(end for end in ends if end is not None)
        self._grammars = from_tokenizer(tokenizer, n_vocab=model.config.vocab_size)
        self._tokenizer = tokenizer
        self._model = model.eval()
        self._beside = Beside(model, self._adapters)
        self._info = replace(self._info, device=str(model.device))

    def _prepare(self, prompt: Prompt) -> tuple[list[int], Any]:
        """Tokens still to evaluate, and a cache that holds exactly the prompt's fixed part."""
        self._start()
        if prompt.task and prompt.task not in self._adapters:
            raise ModelError(f"{self._info.name} has no adapter for {prompt.task!r}")
        assert self._beside is not None
        self._beside.task = prompt.task
        tokens = self._tokens_of(prompt)
        if len(tokens) >= self._context:
            raise ModelError(
                f"the prompt has {len(tokens)} tokens and {self._info.name} is given "
                f"{self._context}: shorten it"
            )
        # Where two different questions part is where the fixed part ends.
        one, other = (
            self._tokens_of(Prompt(prompt.system, u, prompt.examples, task=prompt.task))
            for u in "aQ"
        )
        fixed = tuple(one[: first_difference(one, other)])
        if tuple(tokens[: len(fixed)]) != fixed or len(tokens) == len(fixed):
            # The tokenizer joined the question to what stands before it.
            return tokens, self._empty_cache()
        cache = self._caches.get((prompt.task, fixed))
        if cache is None:
            cache = self._empty_cache()
            self._forward(None, fixed, cache)
            self._caches[prompt.task, fixed] = cache
            if len(self._caches) > FIXED_PARTS:
                self._caches.popitem(last=False)
        self._caches.move_to_end((prompt.task, fixed))
        # A copy: not every kind of cache can be cut back to what it held before.
        return tokens[len(fixed) :], copy.deepcopy(cache)

    def _empty_cache(self) -> Any:
        from transformers import DynamicCache

        return DynamicCache(config=self._model.config)

    def _forward(self, job: Job[Any] | None, tokens: Sequence[int], cache: Any) -> Any:
        """Logits (one float32 row on the CPU) after ``tokens``; None when nobody waits."""
        import torch

        logits = None
        with torch.inference_mode():
            for start in range(0, len(tokens), PIECE):
                if job is not None and job.cancelled:
                    return None
                ids = torch.tensor([list(tokens[start : start + PIECE])], device=self._model.device)
                answer = self._model(
                    input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1
                )
                logits = answer.logits[0, -1].float().cpu()
        return logits

    def _best(self, logits: Any, matcher: Any) -> int:
        """The most probable token the grammar allows; tells the matcher."""
        if matcher is None:
            return int(logits.argmax())
        # llguidance's own torch helper starts torch.compile on first use: seconds.
        from llguidance.numpy import (
            allocate_token_bitmask,
            apply_token_bitmask_inplace,
            fill_next_token_bitmask,
        )

        scores = logits.numpy()[None, :].copy()
        mask = allocate_token_bitmask(1, scores.shape[1])
        fill_next_token_bitmask(matcher, mask, 0)
        apply_token_bitmask_inplace(scores, mask)
        token = int(scores[0].argmax())
        if not matcher.consume_token(token):
            raise ModelError(f"the answer left its grammar: {matcher.get_error()}")
        return token

    def _matcher(self, lark: str) -> Any:
        from llguidance import LLMatcher

        return LLMatcher(self._grammars, lark, log_level=0)

    def _tokens_of(self, prompt: Prompt) -> list[int]:
        if prompt.task:
            # The shopper's text is neutralised: nothing in it is a control token.
            said = f"{BEGIN}{neutralise(prompt.user)}{END}"
            return list(self._tokenizer.encode(said, add_special_tokens=False))
        text = self._tokenizer.apply_chat_template(
            chat_messages(prompt), tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        text += neutralise(prompt.prefill)
        return list(self._tokenizer.encode(text, add_special_tokens=False))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep loading bars and the hub client's retries off the terminal."""
    from transformers.utils import logging as transformers_logging

    hub = logging.getLogger("huggingface_hub")
    level = hub.level
    hub.setLevel(logging.CRITICAL)
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        hub.setLevel(level)
        transformers_logging.enable_progress_bar()


class Text:
    """Decoded text that is only handed out once it cannot change or be cut any more."""

    def __init__(self, stop: Sequence[str]) -> None:
        self._stop = [end for end in stop if end]
        self._whole = ""
        self._given = 0
        self.ended = False
        """True once a stop string was met."""

    def add(self, whole: str) -> str:
        """Take all text decoded so far; return what is new and certain."""
        # A character of several tokens decodes to U+FFFD until it is complete.
        self._whole = whole.rstrip("\ufffd")
        found = [at for end in self._stop if (at := self._whole.find(end)) >= 0]
        if found:
            self.ended = True
            self._whole = self._whole[: min(found)]
            return self.rest()
        held = max((_overlap(self._whole, end) for end in self._stop), default=0)
        return self._give(len(self._whole) - held)

    def rest(self) -> str:
        """What was held back; the answer is over."""
        return self._give(len(self._whole))

    def _give(self, until: int) -> str:
        piece = self._whole[self._given : until]
        self._given = max(self._given, until)
        return piece


def _overlap(text: str, end: str) -> int:
    """Length of the longest beginning of ``end`` that ``text`` ends with."""
    return next((n for n in range(len(end) - 1, 0, -1) if text.endswith(end[:n])), 0)
