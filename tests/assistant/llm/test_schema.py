import json

import pytest

from assistant.llm.protocol import Grammar
from assistant.llm.schema import closed, matches, to_lark
from catalog.errors import ModelError

SCHEMA = {
    "type": "object",
    "properties": {
        "item": {"type": "string"},
        "size": {"type": "object", "properties": {"waist": {"type": "integer"}}},
    },
    "required": ["item"],
}


def test_objects_that_list_properties_take_no_others() -> None:
    assert matches(SCHEMA, '{"item":"jeans","size":{"waist":32}}')
    assert not matches(SCHEMA, '{"item":"jeans","price":3}')
    assert not matches(SCHEMA, '{"item":"jeans","size":{"hips":90}}')


def test_an_object_declared_open_stays_open() -> None:
    assert closed({"properties": {}, "additionalProperties": True})["additionalProperties"] is True


def test_a_property_called_properties_is_not_mistaken_for_a_schema() -> None:
    schema = {"type": "object", "properties": {"properties": {"type": "string"}}}
    assert closed(schema)["properties"] == {"properties": {"type": "string"}}


@pytest.mark.parametrize("text", ["", '{"item":"a"', '{"item":"a"} and more', "[]", "nul\x00"])
def test_what_is_not_a_whole_answer_does_not_match(text: str) -> None:
    assert not matches(SCHEMA, text)


def test_values_can_be_limited_to_words_of_the_utterance() -> None:
    words = json.dumps({"substring_words": "a quiet Küche kettle"}, ensure_ascii=False)
    grammar = Grammar(f"start: V\nV: %regex {words}\n")
    assert matches(grammar, "quiet Küche")
    assert not matches(grammar, "loud")


def test_a_grammar_that_does_not_compile_says_why() -> None:
    with pytest.raises(ModelError, match="grammar does not compile: .*Expected"):
        to_lark(Grammar("start: ((("))
