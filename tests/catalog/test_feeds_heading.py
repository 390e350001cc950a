"""Tables that begin with the heading of a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.feeds import read_feed


@pytest.mark.parametrize(
    "heading",
    [
        "Price list 2026;;;\nExported by ERP;;;\n;;;\n",
        "Price list 2026\r\n\r\n",
        '"Stand: 1.11.2026"\n',
    ],
)
def test_rows_above_the_header_are_passed_over(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "erp.csv"
    table = "Artikelnummer;Name;Preis;Lager\n1;Lampe;9,99;4\n;;;\nSumme;;1.029,98;\n"
    path.write_bytes((heading + table).encode())
    feed = read_feed(path)
    assert [(p.id, p.title, p.price, p.stock) for p in feed] == [("1", "Lampe", 999, 4)]
    above = heading.count("\n")
    assert [(i.line, i.kind) for i in feed.report.issues] == [(above + 4, "no title")]


def test_a_table_of_one_column_keeps_its_header(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("title\nLamp\nName, price and more\n", "utf-8")
    assert [p.title for p in read_feed(path)][:1] == ["Lamp"]
