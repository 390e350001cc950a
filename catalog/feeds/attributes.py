"""Which other columns are attributes of the product, and what their values mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from catalog.feeds.cells import decimal_mark, is_missing, listed, plain_text
from catalog.feeds.mapping import FIELDS, normalised
from catalog.lexicon import COLORS, GENDERS
from catalog.product import AttributeValue, Measure
from catalog.units import parse_measure, unit_symbol

MAX_VALUE: Final = 80
"""Characters; a longer value is prose, not an attribute."""
MAX_LISTED: Final = 24
MAX_ATTRIBUTES: Final = 80

Kind = Literal["number", "yesno", "text", "details"]

# A column with one of these words in its name says nothing about the product itself.
_NOT_THE_PRODUCT: Final = frozenset(
    """
    url urls link links href image images img photo photos picture pictures thumbnail thumbnails video videos html slug
    handle hash uuid guid barcode gtin ean upc isbn mpn asin asins sku id ids qr timestamp created updated modified
    crawl crawled scraped retrieved seo meta visible published promoted featured sponsored position rank ranking sort
    question questions answer answers review reviews comment comments seller sellers license licence tax shipping
    delivery policy bought viewed sales sold margin supplier warehouse internal index unnamed information score clicks
    impressions downloads wishlist date status gift invoice customer customers discount sellable visibility online
    websites configurable crosssell upsell
    """.split()  # noqa: SIM905
)
_RENAMED: Final[dict[str, str]] = {
    "colour": "color", "colors": "color", "colours": "color", "colour name": "color", "color name": "color", "base colour": "color",
    "base color": "color", "basecolor": "color", "primary color": "color", "main color": "color", "farbe": "color", "couleur": "color",
    "kleur": "color", "kolor": "color", "farg": "color", "farve": "color", "colore": "color", "cor": "color",
    "materials": "material", "materiaal": "material", "matiere": "material", "materiale": "material", "fabric": "material",
    "sizes": "size", "size name": "size", "grosse": "size", "groesse": "size", "taille": "size", "talla": "size", "taglia": "size", "maat": "size", "storlek": "size", "schuhgrosse": "size", "konfektionsgrosse": "size", "kleidergrosse": "size", "schoenmaat": "size", "pointure": "size",
    "frame size": "size", "ring size": "size", "rozmiar": "size", "tamanho": "size",
    "gender affinity": "gender", "target gender": "gender", "geschlecht": "gender", "sex": "gender", "ideal for": "gender", "genre homme femme": "gender",
    "gewicht": "weight", "poids": "weight", "peso": "weight", "age range": "age_group", "age group": "age_group",
    "item weight": "weight", "muster": "pattern", "coloris": "color", "couleurs": "color", "farben": "color", "colores": "color",
    "contenance": "capacity", "capacite": "capacity", "capacidad": "capacity", "capacita": "capacity", "fassungsvermogen": "capacity",
    "inhoud": "capacity", "longueur": "length", "lange": "length", "longitud": "length", "lunghezza": "length", "lengte": "length",
    "largeur": "width", "breite": "width", "anchura": "width", "larghezza": "width", "breedte": "width", "hauteur": "height",
    "hohe": "height", "altura": "height", "altezza": "height", "hoogte": "height", "durchmesser": "diameter", "diametre": "diameter",
    "diametro": "diameter", "profondeur": "depth", "tiefe": "depth", "profundidad": "depth", "profondita": "depth", "diepte": "depth",
}  # fmt: skip
_WRAPPERS: Final = re.compile(
    r"^(?:attributes?|attrs?|specs?|specifications?|features?|details?|properties|props|options?|custom fields"
    r"|google shopping|product|item|variant|technical details) (?=\S)"
)
# A size by the scale of a country, or of what is worn: "UK Size", "Schuhgröße (EU)".
_SCALE: Final = re.compile(
    r"(?:\b(?:uk|usa?|eur?|fr|ita?|de|jp|au|international|shoes?|boots?|clothing|clothes|garment|dress|apparel|gloves?|hat)\b ?)+"
)
# Units recognised at the end of a column's name: "noise_db", "weight (kg)".
_UNIT_ENDINGS: Final = frozenset(
    """
    g kg mg oz lb lbs mm cm m km in inch inches ft ml cl l w kw v wh mah db dba hz khz mhz ghz lm k c bar rpm kb mb gb
    tb mp s sec min h hours minutes seconds grams litres liters watts volts gsm percent pct months years days
    """.split()  # noqa: SIM905
)
# One-letter units and "in" are believed only beside a word that is measured.
_MEASURED: Final = frozenset(
    """
    capacity volume weight length width height depth diameter power voltage wattage temperature duration time range
    distance size thickness memory storage battery screen display inseam waist noise load runtime
    """.split()  # noqa: SIM905
)
_TWO_FACED: Final = frozenset({"g", "m", "in", "l", "w", "v", "k", "c", "s", "h", "bar", "min"})
_BRACKETED: Final = re.compile(r"[\[(]\s*([^\])]{1,8}?)\s*[\])]\s*$")
_YES: Final = frozenset({"yes", "true", "ja", "oui", "si", "sí"})
_NO: Final = frozenset({"no", "false", "nein", "non", "nee"})
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,12}|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_MARKUP: Final = re.compile(r"<[a-zA-Z/!]|https?://|www\.")
_ID_LIKE: Final = re.compile(r"(?=\S*\d)[\w.:-]{8,}")
# A size such as 34C or 18M is not degrees or metres.
_CUP_SIZE: Final = re.compile(r"\d{2}[A-Z]")
_SURELY_MEASURED: Final = re.compile(r"[a-z]{2}|\d\s*[gl]$|\d\s+m$|[\"″”]")
_SPLITS: Final = (r"\s*\|\s*", r"\s*;\s*", r"\s+/\s+", r",\s+|,(?=[^\d\s])")


@dataclass(frozen=True, slots=True)
class AttributePlan:
    """How one column becomes an attribute."""

    name: str
    kind: Kind
    unit: str | None = None
    """The unit its bare numbers are in, when the column's name says so."""
    decimal_comma: bool = False
    name_column: str | None = None
    """The column that names the attribute row by row (Shopify's options, WooCommerce's attributes)."""


def attribute_name(column: str) -> str:
    """The attribute a column is about: ``"Base Colour"`` → ``"color"``, ``"specs.Noise"`` → ``"noise"``."""
    words = _WRAPPERS.sub("", normalised(column))
    scaled = " ".join(_SCALE.sub("", words).split())
    if scaled != words and _RENAMED.get(scaled, scaled) == "size":
        return "size"
    return _RENAMED.get(words, words.replace(" ", "_"))[:60]


def is_about_product(column: str) -> bool:
    """Whether no word of a name says that it is about something else than the product."""
    return not _NOT_THE_PRODUCT.intersection(normalised(column).split(" "))


def plan_attribute(
    column: str,
    values: Sequence[Any],
    *,
    chosen: str | None = None,
    decimal_comma: bool = False,
) -> AttributePlan | str:
    """How to read a column as an attribute, judged from its name and sample values; or why not.

    ``chosen`` is the attribute name a person gave it: then it always is one.
    """
    texts = [t for v in values for t in [_as_text(v)] if not is_missing(t)]
    measured = _unit_in_name(column, attribute_name(column))
    shown = decimal_mark([t for t in texts if measured[1] or parse_measure(t)])
    decimal_comma = shown == "," if shown else decimal_comma
    # "1,2" under "weight (kg)" is a number; under "waist" it may be a list of sizes.
    decimal_comma = decimal_comma or (
        measured[1] is not None and any(re.fullmatch(r"\d+,\d{1,2}", t) for t in texts)
    )
    kind = _kind(column, values, texts, decimal_comma)
    if chosen:
        return AttributePlan(chosen, kind, decimal_comma=decimal_comma)
    if re.fullmatch(r"column_\d+|Unnamed: \d+", column):
        return "no name in the header"
    if not is_about_product(column):
        return "not about the product itself"
    reason = _unfit(texts)
    if reason:
        return reason
    name, unit = measured if kind == "number" else (attribute_name(column), None)
    if not name or name in FIELDS or name in ("discount", "wish", "text", "name"):
        return "the name of a product field"
    return AttributePlan(name, kind, unit, decimal_comma)


def attribute_value(plan: AttributePlan, raw: Any) -> AttributeValue | None:
    """One cell as an attribute's value; None when it says nothing."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, (list, tuple)):
        return _words([plain_text(str(v)) for v in raw if v is not None])
    text = plain_text(str(raw)) if isinstance(raw, str) else f"{raw}"
    if is_missing(text) or len(text) > MAX_VALUE * 4:
        return None
    if plan.name == "gender":
        return _gender(text)
    if plan.kind == "yesno":
        return _yes_no(text)
    if plan.kind == "number":
        number = _number(text, plan.decimal_comma and isinstance(raw, str))
        if number is not None:
            return Measure(number, plan.unit) if plan.unit else number
    return _from_text(plan.name, text, plan.decimal_comma)


def _from_text(name: str, text: str, decimal_comma: bool = False) -> AttributeValue | None:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    sized = "size" in name.split("_")
    if not _CUP_SIZE.fullmatch(text) and (not sized or _SURELY_MEASURED.search(text)):
        measure = parse_measure(text, decimal_comma=decimal_comma)
        if measure is not None:
            return Measure(*measure)
    many = listed(text)
    if many is not None:
        return _words(many)
    parts = _split(name, text)
    if len(parts) > 1:
        return _words(parts)
    return text if len(text) <= MAX_VALUE else None


def _split(name: str, text: str) -> list[str]:
    if name == "size" and re.fullmatch(r"[\w.]{1,4}(?:/[A-Za-z][\w.]{0,3})+", text):
        return text.split("/")
    if name == "color" and all(p.strip().lower() in COLORS for p in text.split("/")):
        return text.split("/")
    for pattern in _SPLITS:
        parts = [p for p in re.split(pattern, text) if p]
        if len(parts) > 1 and all(len(p) <= 30 and len(p.split()) <= 4 for p in parts):
            return parts
    return [text]


def _words(parts: Iterable[str]) -> AttributeValue | None:
    kept = [p for p in (q.strip() for q in parts) if not is_missing(p) and len(p) <= MAX_VALUE]
    unique = tuple(dict.fromkeys(kept))[:MAX_LISTED]
    return unique or None


def _gender(text: str) -> AttributeValue | None:
    words = [GENDERS.get(w.strip().lower()) for w in re.split(r"[|,;/&]| and ", text)]
    known = tuple(dict.fromkeys(w for w in words if w))
    if set(known) >= {"men", "women"}:
        return "unisex"
    if known:
        return known[0]
    return text.lower() if len(text) <= MAX_VALUE else None


def _yes_no(text: str) -> bool | None:
    word = text.lower()
    if word in _YES | {"y", "1", "1.0"}:
        return True
    return False if word in _NO | {"n", "0", "0.0"} else None


def _number(text: str, decimal_comma: bool = False) -> float | None:
    if decimal_comma and re.fullmatch(r"[+-]?(?:\d{1,12}|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d+)?", text):
        return float(text.replace(".", "").replace(",", "."))
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _as_text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return max(map(str, value), key=len, default="")
    return str(value).strip()


def _kind(column: str, values: Sequence[Any], texts: Sequence[str], decimal_comma: bool) -> Kind:
    lower = {t.lower() for t in texts}
    if lower and lower <= _YES | _NO | {"y", "n"}:
        return "yesno"
    asks = normalised(column).split(" ")[0] in ("is", "has", "with", "includes")
    if lower and lower <= {"0", "1", "0.0", "1.0"} and asks:
        return "yesno"
    numbers = sum(_number(t, decimal_comma) is not None for t in texts)
    coded = any(isinstance(v, str) and re.match(r"0\d", v.strip()) for v in values)
    return "number" if texts and numbers >= 0.95 * len(texts) and not coded else "text"


def _unfit(texts: Sequence[str]) -> str | None:
    if not texts:
        return None
    if sum(bool(_MARKUP.search(t[:500])) for t in texts) > 0.1 * len(texts):
        return "markup or links"
    if sum(len(t) > MAX_VALUE for t in texts) > 0.2 * len(texts):
        return "long text"
    distinct = len(texts) >= 20 and len(set(texts)) > 0.95 * len(texts)
    if distinct and sum(bool(_ID_LIKE.fullmatch(t)) for t in texts) > 0.9 * len(texts):
        return "identifiers"
    return None


def _unit_in_name(column: str, name: str) -> tuple[str, str | None]:
    bracketed = _BRACKETED.search(column)
    if bracketed:
        symbol = unit_symbol(bracketed[1])
        return (attribute_name(column[: bracketed.start()]), symbol) if symbol else (name, None)
    base, _, ending = name.rpartition("_")
    if not base or ending not in _UNIT_ENDINGS:
        return name, None
    if ending in _TWO_FACED and not _MEASURED.intersection(base.split("_")):
        return name, None
    symbol = "%" if ending == "pct" else unit_symbol(ending)
    return (_RENAMED.get(base, base), symbol) if symbol else (name, None)
