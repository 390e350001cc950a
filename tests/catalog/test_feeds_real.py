"""Two real catalogues, where they lie beside the checkout."""

from pathlib import Path

import pytest

from catalog.feeds import read_feed

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
RETAIL = DATA / "retail_demo_store.yaml"
TOYS = DATA / "amazon_toys_10k.csv.gz"


@pytest.mark.skipif(not RETAIL.exists(), reason="the data set is not beside the checkout")
def test_the_retail_demo_store_is_read_whole() -> None:
    read = read_feed(RETAIL)
    products = list(read)
    known = read.report.known
    assert len(products) == read.report.rows == 2465
    assert known["price"] == known["type"] == known["stock"] == known["description"] == 2465
    assert products[0].category == ("accessories", "backpack")
    assert products[0].type == "backpack"
    assert {p.attributes.get("gender") for p in products} == {"women", "men", None}


@pytest.mark.skipif(not TOYS.exists(), reason="the data set is not beside the checkout")
def test_the_toys_are_read_whole() -> None:
    read = read_feed(TOYS)
    products = list(read)
    known = read.report.known
    assert len(products) == read.report.rows == 10_000
    assert (known["price"], known["stock"], known["brand"]) == (8565, 7500, 9993)
    assert "customer_reviews" in read.report.ignored
    assert products[0].category[-1] == "Trains"
    assert (products[0].type, products[0].stock, products[0].rating) == ("train", 5, 4.9)
    assert sum("age_from" in p.attributes for p in products) == 1078
    assert sum("weight" in p.attributes for p in products) > 900
    assert set().union(*(p.attributes for p in products)) == {
        "age_from", "age_to", "assembly_required", "batteries_included", "batteries_required", "color", "dimensions", "material",
        "pieces", "players", "remote_control_included", "scale", "weight",
    }  # fmt: skip
