"""The small catalogue the page tests show, hostile listings included."""

from __future__ import annotations

from catalog.product import Measure, Product

HOSTILE_TITLE = "Kettle <img src=x onerror=alert(1)> **bold** [x](javascript:alert(2))"

PRODUCTS: tuple[Product, ...] = (
    Product(
        "k1", "Halden Hush electric kettle", "Whisper quiet.", "Halden", "kettle",
        ("Kitchen", "Hot drinks", "Kettles"), 4900, 5900, "USD", 4.7, 1204, 12,
        attributes={"color": "white", "noise": Measure(54, "dB"), "capacity": Measure(1, "l")},
    ),
    Product(
        "k2", "Brisa 1.7 l kettle with a brushed steel body and keep-warm base for long mornings",
        "", "Brisa", "kettle", ("Kitchen", "Hot drinks", "Kettles"), 5450, None, "USD", 4.4, 87, 3,
        attributes={"color": "silver", "noise": Measure(58, "dB")},
    ),
    Product(
        "k3", "Cove stovetop kettle", "", "Cove", "kettle", ("Kitchen",), None, None, "USD", None, None,
        attributes={"color": "red"},
    ),
    Product(
        "k4", HOSTILE_TITLE, "<script>alert(3)</script>", '"><img src=x onerror=alert(4)>', "kettle",
        ("Kitchen",), 2000, 2500, "USD", 3.1, 1, 0, image="javascript:alert(5)",
        attributes={"color": "red; background:url(//evil.test)"},
    ),
    Product(
        "s1", "Strada trail running shoes", "", "Strada", "shoes", ("Outdoor", "Shoes"), 12900, 15900,
        "EUR", 4.2, 310, 8, attributes={"color": "teal"},
    ),
    Product(
        "s2", "Pico trail shoes for kids", "", "Pico", "shoes", ("Outdoor", "Shoes"), 3990, None,
        "EUR", 4.9, 22, 8, attributes={"color": "red"},
    ),
    Product("j1", "Field slim-fit jeans", "", "Field", "jeans", ("Fashion",), 6900, 8900, "USD", 4.1, 511,
            attributes={"color": "indigo"}),
    Product("b1", "Calm face wash, scent free", "", "Oat & Co", "face wash", ("Beauty",), 1290, None, "USD", 4.6, 902,
            attributes={"color": "green"}),
    Product("d1", "Rumo dog treats, duck", "", "Rumo", "dog treats", ("Pets",), 899, None, "USD", 4.8, 2011),
    Product("g1", "Alto oat granola", "", "Alto", "granola", ("Grocery",), 649, 799, "USD", 4.0, 64),
    Product("h1", "Mora floor lamp", "", "Mora", "lamp", ("Home", "Lighting"), 8900, None, "USD", 4.3, 77,
            attributes={"color": "mustard"}),
    Product("e1", "Ondo wireless headphones", "", "Ondo", "headphones", ("Electronics",), 11900, 14900, "USD", 4.5, 1500,
            attributes={"color": "black"}),
    Product("t1", "Kubi wooden blocks, 60 pieces", "", "Kubi", "blocks", ("Toys",), 2990, None, "USD", 4.9, 340,
            attributes={"color": "orange"}),
    Product("o1", "Linea gel pens, set of 12", "", "Linea", "pens", ("Office",), 1490, 1990, "USD", 4.4, 260,
            attributes={"color": "purple"}),
)  # fmt: skip
