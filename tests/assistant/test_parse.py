"""Intent parsing alone: with a catalogue, without one, and without anything heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import assistant
from assistant import parse_intent
from assistant.intent import Act, Intent
from assistant.moment import Moment
from catalog.errors import CatalogNotFound, IndexDamaged, ModelNotFound, UsageError
from tests.assistant.reading import constraints

HEAVY = "'torch', 'transformers', 'chromadb', 'gradio', 'xllamacpp', 'sentence_transformers', 'bm25s', 'llguidance'"


def test_parsing_loads_no_model_no_vector_store_and_no_page() -> None:
    code = (
        "import sys, assistant;"
        "assert assistant.parse_intent('wool-free socks, size L, 10 to 25 dollars').act == 'search';"
        f"heavy = {{{HEAVY}}} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_opening_the_assistants_module_loads_nothing_heavy_either() -> None:
    code = (
        "import sys, assistant.converse, assistant.cli;"
        "heavy = {'torch', 'transformers', 'gradio', 'xllamacpp'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_the_package_offers() -> None:
    assert sorted(assistant.__all__) == ["Assistant", "Intent", "Moment", "Reply", "parse_intent"]
    for name in assistant.__all__:
        assert getattr(assistant, name).__name__ == name
    with pytest.raises(AttributeError, match="nothing_such"):
        assistant.nothing_such  # noqa: B018


def test_the_readme_example_reads_as_promised() -> None:
    intent = parse_intent("wool-free socks, size L, 10 to 25 dollars")
    assert intent.act is Act.SEARCH
    assert set(constraints(intent)) == {
        "material != wool", "size = L", "price >= 1000 USD", "price <= 2500 USD", "type contains sock",
    }  # fmt: skip


def test_a_catalogue_gives_words_their_fields(shops_home: Path) -> None:
    text = "Cove kettle with keep warm"
    assert constraints(parse_intent(text, catalog="corner", home=shops_home)) == [
        "brand = Cove", "keep_warm = true", "type = kettle",
    ]  # fmt: skip
    assert "brand = Cove" not in constraints(parse_intent(text))


def test_a_moment_makes_it_a_refinement(shops_home: Path) -> None:
    first = parse_intent("kettle under 60", catalog="corner", home=shops_home)
    moment = Moment().fold(first)
    assert (
        parse_intent("not white", moment=moment, catalog="corner", home=shops_home).act
        is Act.REFINE
    )
    assert parse_intent("not white", catalog="corner", home=shops_home).act is Act.SEARCH


def test_reading_twice_reads_the_same(shops_home: Path) -> None:
    text = "quiet kettle under $60, not red, ideally not Cove"
    first, second = (parse_intent(text, catalog="corner", home=shops_home) for _ in range(2))
    assert first == second
    assert Intent.from_json(first.to_json()) == first


def test_wrong_names_are_named(shops_home: Path) -> None:
    with pytest.raises(CatalogNotFound, match="'nowhere'"):
        parse_intent("kettle", catalog="nowhere", home=shops_home)
    with pytest.raises(UsageError):
        parse_intent("kettle", catalog="../nowhere", home=shops_home)
    with pytest.raises(ModelNotFound, match="'gpt-9'"):
        parse_intent("a red zorgle", model="gpt-9")


def test_a_damaged_vocabulary_is_named_with_the_cure(tmp_path: Path, shops_home: Path) -> None:
    import shutil

    home = tmp_path / "home"
    shutil.copytree(shops_home, home)
    (vocabulary,) = (home / "catalogs" / "corner").glob("**/vocabulary.json")
    vocabulary.write_bytes(vocabulary.read_bytes()[:100])
    with pytest.raises(IndexDamaged, match=r"vocabulary\.json.*shop index"):
        parse_intent("kettle", catalog="corner", home=home)
