"""The embedded model, loaded once for all tests that run it."""

from collections.abc import Iterator

import pytest

from assistant.llm.convert import transformers_folder
from assistant.llm.hf import Transformers
from assistant.llm.llama import LlamaCpp
from retrieval.weights import weights_path


@pytest.fixture(scope="session")
def llama() -> Iterator[LlamaCpp]:
    model = LlamaCpp(weights_path("smollm2-135m", progress=False), name="smollm2-135m")
    yield model
    model.close()


@pytest.fixture(scope="session")
def transformers() -> Iterator[Transformers]:
    model = Transformers(transformers_folder("smollm2-135m", progress=False), name="smollm2-135m")
    yield model
    model.close()
