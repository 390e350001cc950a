"""Which column holds which product field, guessed from the names columns usually have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from catalog.errors import UsageError
from catalog.money import CURRENCIES, CURRENCY_WORDS
from catalog.text import fold

# Field → names, the surest first. Written as normalised() leaves them.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": (
        "id", "product id", "item id", "sku", "asin", "uniq id", "unique id", "uid", "uuid", "id oid", "article number",
        "item number", "product number", "product code", "item code", "article id", "code", "stock code",
        "stockcode", "artikelnummer", "artikel nr", "artnr", "art nr", "referencia", "reference", "ref", "pid",
        "codice", "codice articolo", "codigo", "kod", "kod produktu", "artikelcode", "code article", "code produit",
        "ref article", "reference article", "ref produit", "reference produit", "numero article", "no article", "codigo articulo",
        "codigo de articulo", "referencia producto", "ref articulo", "codice prodotto", "part number", "part no",
        "handle", "mpn", "model number", "gtin", "gtin13", "ean", "ean13", "upc", "barcode", "isbn", "isbn13", "pzn", "key",
    ),
    "title": (
        "title", "name", "product name", "product title", "item name", "item title", "product display name",
        "display name", "label", "titel", "titre", "titulo", "titolo", "bezeichnung", "artikelname",
        "artikelbezeichnung", "produktname", "produktbezeichnung", "nombre", "nome", "nom", "libelle", "designation",
        "naam", "nazwa", "navn", "namn", "produktnamn", "productnaam", "nazwa produktu", "nome prodotto", "nome do produto", "nombre producto",
        "nombre del producto", "nom produit", "nom du produit", "part name", "event name", "headline", "short title", "product", "item", "produkt",
        "produit", "producto", "prodotto", "produto", "artikel", "model name", "model",
    ),
    "description": (
        "description", "body html", "body", "long description", "full description", "desc", "about product",
        "about this item", "about", "beschreibung", "produktbeschreibung", "artikelbeschreibung", "descripcion",
        "descriptif", "descriptif long", "description longue", "descrizione", "descricao", "omschrijving", "opis", "beskrivning", "beskrivelse", "content", "details", "detail",
        "overview", "summary", "short description", "kurzbeschreibung", "descrizione breve", "text", "bullet points", "features",
    ),
    "brand": (
        "brand", "brand name", "manufacturer", "vendor", "maker", "marke", "hersteller", "marque", "fabricant", "marca",
        "fabricante", "marchio", "merk", "fabrikant", "marka", "producent", "varumarke", "maerke", "label name",
        "company", "designer", "publisher", "manufacturer name",
    ),
    "type": (
        "type", "article type", "product type name", "item type", "produkttyp", "produktart", "artikeltyp", "kind",
        "tipo", "typ", "class name",
    ),
    # Four kinds of price, settled into two fields by _settle_prices.
    "sale price": (
        "sale price", "special price", "discounted price", "discount price", "offer price", "current price", "final price",
        "selling price", "price now", "now price", "deal price", "promo price", "reduced price", "price sale", "angebotspreis",
        "price current", "prix promo", "prix remise", "prix reduit", "prix solde", "precio rebajado", "precio oferta", "precio de oferta",
        "prezzo scontato", "actieprijs", "aktionspreis", "sonderpreis", "cena promocyjna", "preco promocional", "kampanjpris",
    ),
    "price": (
        "price", "price amount", "price value", "prices amount", "amount", "preis", "verkaufspreis", "prix", "precio",
        "prezzo", "preco", "prijs", "cena", "pris", "bruttopreis", "price incl vat", "price gross", "price min", "min price",
        "prices amount min", "buy price", "base price", "unit price", "cost",
        "gross price", "asking price", "vk", "vk preis", "pvp", "price per metre", "price per meter", "price per yard", "price per piece",
    ),
    "regular price": (
        "regular price", "price regular", "actual price", "retail price", "full price", "original price", "price original", "ordinarie pris",
        "normalpreis", "prix normal", "precio normal", "precio original", "prezzo originale", "cena regularna",
    ),
    "list price": (
        "list price", "msrp", "rrp", "mrp", "compare at price", "was price", "price was", "was", "old price", "strike price",
        "marked price", "uvp", "listenpreis", "streichpreis", "prix barre", "prix conseille", "ancien prix",
        "precio anterior", "price before", "recommended retail price", "market price", "prezzo di listino", "precio de lista",
        "van prijs", "adviesprijs", "avp",
    ),
    "currency": ("currency", "currency code", "price currency", "wahrung", "waehrung", "devise", "moneda", "valuta", "waluta", "moeda"),
    "rating": (
        "rating", "average rating", "avg rating", "rating average", "ratings average", "overall rating", "stars",
        "star rating", "rating rate", "rating value", "review rating", "average review rating", "review score",
        "customer rating", "reviews rating", "ratings", "score", "bewertung", "note moyenne", "valoracion", "aggregate rating rating value",
    ),
    "review count": (
        "review count", "reviews count", "number of reviews", "num reviews", "no of reviews", "nr of reviews", "n reviews",
        "rating count", "ratings count", "number of ratings", "num ratings", "no of ratings", "ratings total",
        "reviews total", "total reviews", "total ratings", "votes", "rating votes", "rating number", "reviews", "reviews number",
        "anzahl bewertungen", "nombre avis", "nombre d avis", "nb avis", "nb d avis", "numero de opiniones", "numero de valoraciones",
        "numero recensioni", "numero di recensioni", "aantal beoordelingen", "aantal reviews", "aggregate rating review count",
    ),
    "stock": (
        "stock", "stock quantity", "quantity in stock", "current stock", "stock level", "stock count", "inventory",
        "inventory quantity", "inventory qty", "number available in stock", "number in stock", "units in stock", "qty in stock",
        "quantity available", "available quantity", "on hand", "quantity on hand", "qty on hand", "qty", "quantity", "variant inventory qty",
        "bestand", "lagerbestand", "lager", "menge", "existencias", "voorraad", "giacenza", "stan magazynowy", "lagersaldo", "estoque", "in stock", "instock", "is in stock",
        "availability", "availability status", "available", "is available", "stock status", "verfugbarkeit", "disponibilite",
        "disponibilidad", "disponibilita", "out of stock", "sold out",
    ),
    "image": (
        "image", "image link", "image url", "main image", "main image url", "primary image", "image src", "img", "img link", "img url",
        "picture", "picture url", "photo", "thumbnail", "thumbnail url", "images", "image urls", "pictures", "photos",
        "bild", "bild url", "image filename", "image name", "imagen", "immagine", "afbeelding", "zdjecie", "large image",
        "medium image", "small image", "additional image link", "image 1",
    ),
    "url": (
        "url", "link", "product url", "product link", "page url", "permalink", "deeplink", "deep link", "website",
        "web link", "canonical url", "canonical link", "lien", "enlace", "href", "detail page url",
    ),
}  # fmt: skip

_SALE_BEGINS: Final = (
    "special price from date", "date sale price starts", "date on sale from", "sale price start date", "sale start date",
    "sale price from", "special price from", "sale from", "sale start",
)  # fmt: skip
_SALE_ENDS: Final = (
    "special price to date", "date sale price ends", "date on sale to", "sale price end date", "sale end date",
    "sale price to", "special price to", "sale to", "sale end",
)  # fmt: skip

# Levels of the category path from the top; the columns of one level are alternatives.
_CATEGORY_LEVELS: Final[tuple[tuple[str, ...], ...]] = (
    ("department", "departement", "abteilung", "main category", "master category", "mastercategory", "top category",
     "root category", "parent category", "section", "category level 1", "category l1", "category 1", "category1",
     "l1 category", "level 1", "cat1", "warengruppe", "product group", "group", "division", "aisle group"),
    ("category", "categories", "category name", "category path", "category tree", "product category",
     "product category tree", "amazon category and sub category", "category and sub category", "breadcrumbs",
     "breadcrumb", "product type", "google product category", "taxonomy", "kategorie", "kategorien", "categorie",
     "categoria", "kategoria", "kategori", "rubrique", "rayon", "famille", "famille de produits", "reparto", "seccion", "category full", "category level 2", "category l2",
     "category 2", "category2", "level 2", "cat2", "aisle", "collection"),
    ("subcategory", "sub category", "subcategory name", "sub category name", "unterkategorie", "sous categorie",
     "subcategoria", "category level 3", "category l3", "category 3", "category3", "level 3", "cat3"),
    ("sub sub category", "subsubcategory", "subcategory 2", "sub category 2", "category level 4", "category l4",
     "category 4", "category4", "level 4", "leaf category"),
)  # fmt: skip

FIELDS: Final[tuple[str, ...]] = (
    "id", "title", "description", "brand", "type", "category", "price", "list_price", "currency",
    "rating", "review_count", "stock", "image", "url",
)  # fmt: skip
"""Product fields a column can be mapped to; ``attributes.NAME`` names an attribute."""

_PREFIXES: Final = frozenset(
    {"product", "item", "prod", "variant", "amazon", "g", "p", "the", "article", "artikel", "produkt", "default", "node",
     "source", "fields", "listing", "offers", "offer", "current", "main"}
)  # fmt: skip
_SUFFIXES: Final = frozenset(
    {*(c.lower() for c in CURRENCIES), "en", "us", "uk", "de", "fr", "es", "it", "nl", "text", "html", "raw", "1", "name",
     "value", "gross", "brutto", "ttc", "in", "incl", "inc", "vat", "tax", "mwst", "cents", "minor", "pence"}
)  # fmt: skip

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD: Final = re.compile(r"[\W_]+")


def normalised(column: str) -> str:
    """A column's name as lower-case words: ``"ProductName"``, ``"product_name"`` → same."""
    return _NOT_WORD.sub(" ", fold(_CAMEL.sub(" ", column))).strip()


def guess(columns: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Field → its columns, the surest first; each column serves one field, a price two.

    The category's columns are in the order of its levels, from the department down.
    """
    found: dict[str, list[tuple[tuple[int, int, int], str]]] = {}
    levels: dict[int, list[tuple[tuple[int, int, int], str]]] = {}
    for position, column in enumerate(columns):
        best = _best(column)
        if best is None:
            continue
        stripped, index, field = best
        rank = (stripped, index, position)
        if field.startswith("category"):
            levels.setdefault(int(field[-1]), []).append((rank, column))
        else:
            found.setdefault(field.replace(" ", "_"), []).append((rank, column))
    mapping = {field: tuple(c for _, c in sorted(ranked)) for field, ranked in found.items()}
    if levels:
        mapping["category"] = tuple(c for level in sorted(levels) for _, c in sorted(levels[level]))
    _settle_prices(mapping)
    return {field: mapping[field] for field in FIELDS if field in mapping}


def category_level(column: str) -> int:
    """Depth of a category column in the path, 0 the department; the last when its name does not
    say.
    """
    best = _best(column)
    named = best is not None and best[2].startswith("category")
    return int(best[2][-1]) if best and named else len(_CATEGORY_LEVELS)


def currency_in_name(column: str) -> str | None:
    """The currency a column's name states: ``"price_eur"`` → ``"EUR"``."""
    for symbol in "€£₹":
        if symbol in column:
            return CURRENCY_WORDS[symbol]
    last = normalised(column).split(" ")[-1].upper()
    return last if last in CURRENCIES and " " in normalised(column) else None


def is_list_price(column: str) -> bool:
    """Whether a column's name says that its price is a recommended or a former one."""
    best = _best(column)
    return best is not None and best[2] == "list price"


def is_sale_price(column: str) -> bool:
    """Whether a column's name says that its price is a reduced one."""
    best = _best(column)
    return best is not None and best[2] == "sale price"


def sale_dates(columns: Iterable[str]) -> tuple[str | None, str | None]:
    """The columns that say from when and until when the sale price holds."""
    names = {normalised(column): column for column in columns}
    begin = next((names[n] for n in _SALE_BEGINS if n in names), None)
    return begin, next((names[n] for n in _SALE_ENDS if n in names), None)


def in_minor_units(column: str) -> bool:
    """Whether a column's name says that its amounts are in cents."""
    return normalised(column).split(" ")[-1] in ("cents", "minor", "pence")


def override(
    mapping: dict[str, tuple[str, ...]], chosen: Mapping[str, str], columns: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """The mapping with a person's choices (field → column) in place of the guesses, and those
    that name an attribute (column → attribute).

    Raises UsageError for a field or column that does not exist, naming those that do.
    """
    result, attributes = dict(mapping), {}
    by_name = {normalised(c): c for c in reversed(columns)}
    for name, wanted in chosen.items():
        column = wanted if wanted in columns else by_name.get(normalised(wanted))
        if column is None:
            raise UsageError(f"no column {wanted!r} for {name}; the feed has: {', '.join(columns)}")
        field = name.strip().lower().replace("-", "_")
        for other, held in list(result.items()):
            if column in held and other != field:
                kept = tuple(c for c in held if c != column)
                result[other] = kept
        if field in FIELDS:
            result[field] = (column,)
        elif field.startswith("attributes.") and len(field) > len("attributes."):
            attributes[column] = _NOT_WORD.sub("_", field.removeprefix("attributes."))
        else:
            raise UsageError(
                f"no field {name!r} to map {wanted!r} to; the fields are: {', '.join(FIELDS)},"
                " and attributes.NAME"
            )
    ordered = {field: result[field] for field in FIELDS if result.get(field)}
    return ordered, attributes


def _best(column: str) -> tuple[int, int, str] | None:
    """(affixes taken off, place in the list of names, field) of the surest reading."""
    readings = []
    for stripped, name in _readings(normalised(column)):
        hit = _INDEX.get(name) or _INDEX_JOINED.get(name.replace(" ", ""))
        if hit:
            readings.append((stripped, *hit))
    return min(readings, default=None)


def _readings(name: str) -> Iterable[tuple[int, str]]:
    yield 0, name
    words = name.split(" ")
    for front in range(3):
        for back in range(3):
            if not front + back or front + back >= len(words):
                continue
            if not _PREFIXES.issuperset(words[:front]):
                continue
            if not _SUFFIXES.issuperset(words[len(words) - back :]):
                continue
            yield front + back, " ".join(words[front : len(words) - back])


def _settle_prices(mapping: dict[str, tuple[str, ...]]) -> None:
    """Beside a sale price, the plain or regular price is the one before the reduction.

    Of several plain prices only the surest is believed: the others may be per litre, or what
    the shop itself paid. A recommended price is never what the shop asks, unless it is all there is.
    """
    sale, regular = mapping.pop("sale_price", ()), mapping.pop("regular_price", ())
    plain, listed = mapping.pop("price", ()), mapping.pop("list_price", ())
    plain = tuple(c for c in plain if c == plain[0] or c.startswith(f"{plain[0]}."))
    before = plain or regular
    price = (*sale, *before) if sale else before or listed[:1]
    if price:
        mapping["price"] = price
    reduced_from = (*listed, *regular, *(plain if sale else ()))
    if reduced_from and reduced_from != price:
        mapping["list_price"] = tuple(c for c in reduced_from if c != price[0])


def _index() -> dict[str, tuple[int, str]]:
    index: dict[str, tuple[int, str]] = {}
    for field, names in _NAMES.items():
        for place, name in enumerate(names):
            if name not in index:
                index[name] = (place, field)
    for depth, names in enumerate(_CATEGORY_LEVELS):
        for place, name in enumerate(names):
            index.setdefault(name, (place, f"category {depth}"))
    return index


_INDEX: Final = _index()
_INDEX_JOINED: Final = {name.replace(" ", ""): hit for name, hit in reversed(_INDEX.items())}
