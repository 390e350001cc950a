"""Columns under the names that shops of other trades and languages give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.feeds import Feed, read_feed
from catalog.product import Measure, Product


def _read(folder: Path, text: str) -> tuple[Feed, list[Product]]:
    path = folder / "feed.csv"
    path.write_text(text, encoding="utf-8")
    feed = read_feed(path)
    return feed, list(feed)


@pytest.mark.parametrize(
    ("header", "row", "price", "list_price"),
    [
        ("Désignation;Prix TTC;Prix barré", "Vin;34,50 €;39,90 €", 3_450, 3_990),
        ("Nombre;Precio;Precio rebajado", "Zapatos;59,95 €;39,95 €", 3_995, 5_995),
        ("Descrizione breve;Prezzo di listino;Prezzo scontato", "Giacca;1.299 €;899 €", 89_900, 129_900),
        ("Productnaam;Prijs;Van prijs", "Fietstas;€ 129,-;€ 149,-", 12_900, 14_900),
        ("Artikelbezeichnung;AVP;VK Brutto", "Salbe;8,97 €;6,29 €", 629, 897),
        ("Bezeichnung;EK netto;VK netto;VK brutto", "Bohrer;12,00;24,90;29,63", 2_963, None),
        ("Nazwa produktu;Cena brutto;Cena netto", "Kabel;29,99 zł;24,38 zł", 2_999, None),
        ("Produktnamn;Pris;Ordinarie pris", "Jacka;1 299 kr;1 599 kr", 129_900, 159_900),
        ("Part Name;Net Price (EUR);Gross Price (EUR)", "Oil filter;8.40;10.00", 1_000, None),
        ("name;price per metre", "Linen;£14.50 / m", 1_450, None),
    ],
)  # fmt: skip
def test_what_a_shop_asks_is_the_price_in_every_language(
    tmp_path: Path, header: str, row: str, price: int, list_price: int | None
) -> None:
    _, (product,) = _read(tmp_path, f"{header}\n{row}\n")
    assert (product.price, product.list_price) == (price, list_price)


@pytest.mark.parametrize("header", ["ISBN13", "PZN", "Codice", "Kod", "Artikelcode", "PartNo"])
def test_the_numbers_of_a_trade_are_ids(tmp_path: Path, header: str) -> None:
    _, (product,) = _read(tmp_path, f"{header};name;price\n00012345;Thing;9\n")
    assert product.id == "00012345"


@pytest.mark.parametrize(
    ("header", "said", "stock"),
    [
        ("Disponibilità", "Non disponibile", 0),
        ("Lagersaldo", "Slut i lager", 0),
        ("Stan magazynowy", "15", 15),
        ("Voorraad", "Niet op voorraad", 0),
        ("Stock", "Nee", 0),
        ("Stock", "2.5e2", 250),
        ("Stock", "1E0", 1),
        ("Stock", "Sold", 0),
        ("Availability", "Status: sold", 0),
    ],
)
def test_stock_is_read_in_other_languages(
    tmp_path: Path, header: str, said: str, stock: int
) -> None:
    _, (product,) = _read(tmp_path, f"id;name;{header}\n1;Thing;{said}\n")
    assert product.stock == stock


@pytest.mark.parametrize(
    ("cell", "price", "list_price"),
    [
        ("<del>€ 40</del> <ins>€ 32</ins>", 3200, 4000),
        ('<span><s class="old">€ 40</s></span> <b>€ 32</b>', 3200, 4000),
        ("<ins>€ 32</ins> <strike>€ 40</strike>", 3200, 4000),
        ("<b>€ 32</b>", 3200, None),
        ("<del>€ 40</del>", 4000, None),
    ],
)
def test_a_price_struck_out_in_its_cell_is_the_list_price(
    tmp_path: Path, cell: str, price: int, list_price: int | None
) -> None:
    cell = cell.replace('"', '""')
    _, (product,) = _read(tmp_path, f'id;name;price\n1;Lamp;"{cell}"\n')
    assert (product.price, product.list_price) == (price, list_price)


@pytest.mark.parametrize(
    ("price", "said", "grams"),
    [
        ("34,50 €", ("2.300 g", "950 g"), (2300, 950)),
        ("34,50 €", ("0.230 g", "950 g"), (0.23, 950)),
        ("34,50 €", ("2.300 g", "1.75 g"), (2.3, 1.75)),
        ("$34.50", ("2.300 g", "950 g"), (2.3, 950)),
        ("$34.50", ("2.300 g", "9,5 g"), (2300, 9.5)),
        ("34,50 €", ("1.002.300,5 g", "2,300 g"), (1002300.5, 2.3)),
    ],
)
def test_a_measure_is_read_with_the_decimal_mark_of_its_column_or_else_of_the_prices(
    tmp_path: Path, price: str, said: tuple[str, str], grams: tuple[float, float]
) -> None:
    rows = "".join(f"{n};Lamp {n};{price};{s}\n" for n, s in enumerate(said))
    _, products = _read(tmp_path, f"id;name;price;weight\n{rows}")
    assert [p.attributes["weight"] for p in products] == [Measure(g, "g") for g in grams]


def test_a_price_under_an_unknown_name_is_pointed_out_and_not_passed_over(tmp_path: Path) -> None:
    feed, (product,) = _read(tmp_path, "id;name;Tarif club;width\n1;Lamp;34,50 €;20 cm\n")
    assert product.price is None
    hint = "no price column; it may be one of these (name it: --map price=COLUMN): Tarif club"
    assert feed.report.notes == [hint]
    feed, (product,) = _read(tmp_path, "id;name;UVP;Tarif club\n1;Lamp;39,50 €;34,50 €\n")
    assert "the price is read from UVP; it may be one of these" in feed.report.notes[0]


@pytest.mark.parametrize(
    ("begin", "end", "price", "list_price"),
    [
        ("", "", 1_900, 2_200),
        ("1/1/20", "12/31/20", 2_200, None),
        ("2020-01-01", "2020-12-31 00:00:00", 2_200, None),
        ("01.01.2020", "31.12.2999", 1_900, 2_200),
        ("2999-01-01", "", 2_200, None),
        ("soon", "", 1_900, 2_200),
    ],
)
@pytest.mark.parametrize(
    "names",
    [
        "special_price,special_price_from_date,special_price_to_date",
        "Sale price,Date sale price starts,Date sale price ends",
    ],
)
def test_a_sale_price_counts_only_while_it_holds(
    tmp_path: Path, names: str, begin: str, end: str, price: int, list_price: int | None
) -> None:
    feed, (product,) = _read(tmp_path, f"sku,name,price,{names}\n1,Tee,22,19,{begin},{end}\n")
    assert (product.price, product.list_price) == (price, list_price)
    assert feed.report.repaired == (begin == "soon")


def test_magentos_additional_attributes_are_attributes(tmp_path: Path) -> None:
    cell = '"color=Blue,size=XS,features=Warm, soft and light,has_hood=Yes"'
    _, (product,) = _read(tmp_path, f"sku,name,additional_attributes\n1,Tee,{cell}\n")
    assert product.attributes["color"] == "Blue"
    assert product.attributes["size"] == "XS"
    assert product.attributes["has_hood"] is True
    assert product.attributes["features"] in ("Warm, soft and light", ("Warm", "soft and light"))


@pytest.mark.parametrize("name", ["EU Size", "Shoe size", "Schuhgröße", "Pointure", "Storlek"])
def test_the_size_of_a_shoe_is_its_size(tmp_path: Path, name: str) -> None:
    _, (named,) = _read(tmp_path, f"sku,name,{name}\n1,Runner,42 2/3\n")
    assert named.attributes == {"size": "42 2/3"}
    _, (chosen,) = _read(tmp_path, f"sku,name,option1 name,option1 value\n1,Runner,{name},42 2/3\n")
    assert chosen.attributes == {"size": "42 2/3"}


def test_the_usual_columns_of_a_french_list_are_known(tmp_path: Path) -> None:
    path = tmp_path / "maison.csv"
    head = "Réf. article;Libellé;Rayon;Prix TTC;Coloris;Contenance;Nombre d'avis;Descriptif\n"
    path.write_text(head + "F1;Cocotte;Cuisine;49,90 €;rouge;4,2 l;12;En fonte.\n", "utf-8")
    (pot,) = read_feed(path)
    assert (pot.id, pot.category, pot.review_count, pot.description) == (
        "F1",
        ("Cuisine",),
        12,
        "En fonte.",
    )
    assert pot.attributes == {"color": "rouge", "capacity": Measure(4.2, "l")}


def test_a_report_says_of_different_rows_that_it_gives_an_example(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title,price\n1,Mug,ask\n2,Cup,call us\n3,Jug,5 EUR\n", "utf-8")
    feed = read_feed(path)
    list(feed)
    told = "\n".join(feed.report.issue_lines())
    assert "repaired 2: e.g. price 'ask' is not a price" in told
    assert "taken to be EUR" not in told
