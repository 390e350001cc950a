"""Money: integer minor units, ISO 4217 codes, and prices the way shops write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final

_CODES: Final = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
"""
CURRENCIES: Final[frozenset[str]] = frozenset(_CODES.split())
"""Active ISO 4217 codes."""

_NO_MINOR_UNIT: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS: Final = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS: Final[Mapping[str, int]] = MappingProxyType(
    dict.fromkeys(_NO_MINOR_UNIT.split(), 0) | dict.fromkeys(_THREE_DIGITS.split(), 3)
)

# Currencies of places that write 1.299,00: there "1.299" is one thousand and more.
_COMMA_DECIMAL_CODES: Final = (
    "ARS BRL CLP COP CZK DKK EUR HUF IDR ISK NOK PLN PYG RON RSD RUB SEK TRY UAH UYU VND"
)
_COMMA_DECIMALS: Final[frozenset[str]] = frozenset(_COMMA_DECIMAL_CODES.split())

_SYMBOLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "USD": "$",
        "EUR": "€",
        "GBP": "£",
        "JPY": "¥",
        "INR": "₹",
        "KRW": "₩",
        "TRY": "₺",
        "ILS": "₪",
        "UAH": "₴",
        "NGN": "₦",
        "VND": "₫",
        "PHP": "₱",
        "BRL": "R$",
        "AUD": "A$",
        "CAD": "C$",
        "NZD": "NZ$",
        "HKD": "HK$",
        "SGD": "S$",
        "MXN": "MX$",
        "CNY": "CN¥",
        "TWD": "NT$",
    }  # fmt: skip
)
"""Symbols that belong to one currency only as written here; the rest are shown by code."""

# Codes that are everyday English words: "all", "top 5", "try 2", "a cup".
_ENGLISH: Final = frozenset(
    {"ALL", "ANG", "BAM", "BOB", "COP", "CUP", "GEL", "MAD", "MOP", "PEN", "RON", "SOS", "TOP", "TRY"}
)  # fmt: skip

CURRENCY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{code.lower(): code for code in sorted(CURRENCIES - _ENGLISH)},
        "$": "USD", "us$": "USD", "u$s": "USD", "usd$": "USD", "dollar": "USD", "dollars": "USD",
        "buck": "USD", "bucks": "USD", "us dollar": "USD", "us dollars": "USD",
        "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "quid": "GBP", "sterling": "GBP",
        "pound sterling": "GBP", "pounds sterling": "GBP",
        "kr": "SEK", "kr.": "SEK", "krona": "SEK", "kronor": "SEK", "krone": "DKK", "kroner": "DKK",
        "zł": "PLN", "zl": "PLN", "zloty": "PLN", "zlotys": "PLN", "zlotych": "PLN", "złoty": "PLN",
        "złotych": "PLN", "franc": "CHF", "francs": "CHF", "sfr": "CHF", "sfr.": "CHF",
        "¥": "JPY", "jp¥": "JPY", "円": "JPY", "yen": "JPY", "cn¥": "CNY", "rmb": "CNY",
        "yuan": "CNY", "元": "CNY",
        "₹": "INR", "rs": "INR", "rs.": "INR", "rupee": "INR", "rupees": "INR", "₨": "INR",
        "r$": "BRL", "reais": "BRL", "a$": "AUD", "au$": "AUD", "aud$": "AUD",
        "c$": "CAD", "ca$": "CAD", "cad$": "CAD", "can$": "CAD", "nz$": "NZD", "hk$": "HKD",
        "s$": "SGD", "sg$": "SGD", "mx$": "MXN", "mex$": "MXN", "nt$": "TWD",
        "₺": "TRY", "lira": "TRY", "liras": "TRY", "₩": "KRW", "₽": "RUB", "руб": "RUB",
        "руб.": "RUB", "ruble": "RUB", "rubles": "RUB", "₴": "UAH", "грн": "UAH", "₪": "ILS",
        "shekel": "ILS", "shekels": "ILS", "₱": "PHP", "peso": "MXN", "pesos": "MXN", "฿": "THB",
        "baht": "THB", "₫": "VND", "₦": "NGN", "naira": "NGN", "kč": "CZK", "forint": "HUF",
        "forints": "HUF", "dirham": "AED", "dirhams": "AED", "dhs": "AED",
    }
)  # fmt: skip
"""Symbols, codes and words (lower case) → ISO 4217 code, safe to look for in prose. Where a word
is shared ("$", "kr"), the commonest owner; :func:`currency_code` lets a known currency settle it."""

# In a price cell these are currencies too; in prose "10 ft" and "a real bargain" are not.
_CELL_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **CURRENCY_WORDS,
        **{code.lower(): code for code in sorted(_ENGLISH)},
        "ft": "HUF", "kd": "KWD", "sr": "SAR", "fr.": "CHF", "kc": "CZK", "lei": "RON", "real": "BRL", "rm": "MYR",
        "rp": "IDR", "rp.": "IDR", "rub.": "RUB", "tl": "TRY", "won": "KRW", "rand": "ZAR",
        "pound": "GBP", "pounds": "GBP",
    }
)  # fmt: skip

_DOLLARS: Final = "USD AUD CAD NZD HKD SGD MXN TWD ARS CLP COP UYU BZD JMD TTD FJD BBD XCD"
_PESOS: Final = "MXN ARS CLP COP PHP UYU DOP CUP"
_SHARED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("$", "dollar", "dollars", "buck", "bucks"), _DOLLARS),
        **dict.fromkeys(("kr", "kr.", "krona", "krone", "kroner", "kronor"), "SEK NOK DKK ISK"),
        **dict.fromkeys(("¥", "元"), "JPY CNY TWD"),
        **dict.fromkeys(("rs", "rs.", "₨", "rupee", "rupees"), "INR PKR LKR NPR MUR"),
        **dict.fromkeys(("peso", "pesos"), _PESOS),
        **dict.fromkeys(("franc", "francs", "fr."), "CHF XOF XAF XPF"),
        **dict.fromkeys(("£", "pound", "pounds"), "GBP EGP GIP FKP SHP"),
    }
)

MAX_MAJOR: Final = 10**10
"""Nothing a shop sells costs more, in any currency; larger numbers are data errors."""

_CURRENCY_ALTERNATION: Final = "|".join(
    rf"(?<![^\W\d_]){re.escape(w)}(?![^\W\d_])" if w[0].isalpha() and w[-1].isalpha()
    else rf"(?<![^\W\d_]){re.escape(w)}" if w[0].isalpha()
    else re.escape(w)
    for w in sorted(_CELL_WORDS, key=lambda w: (-len(w), w))
)  # fmt: skip
_CURRENCY: Final = re.compile(_CURRENCY_ALTERNATION, re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"\d{1,3}(?:[ '’`]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)*|(?<![\d.,])[.,]\d+"
)
_PLAIN: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_SCIENTIFIC: Final = re.compile(r"[+]?\d+(?:\.\d+)?[eE][+-]?\d{1,3}")
_CENTS: Final = re.compile(r"(\d{1,4}(?:[.,]\d)?)\s?(?:¢|cents?|ct\.?)", re.IGNORECASE)
# Several marks of one kind group thousands (or lakhs): "1.299.000", "1,00,000"; "12.99.99" does not.
_GROUPS: Final = re.compile(r"\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}(?:[.,]\d+)?")
_ROUND_TAIL: Final = re.compile(r"(?<=\d)\s?[.,:]\s?[-–—=]{1,2}(?=\D|$)")
_RANGE: Final = re.compile(r"\s*(?:[-–—~…]|\.\.\.?|to|until|bis|à|a|till)\s*", re.IGNORECASE)
# Words that may stand beside a price without changing what it says.
_FILLER_WORDS: Final = """
    price now only just from starting at our ab von nur jetzt à approx ca circa incl inc including include includes
    excl ex vat tax taxes mwst ttc ht gst moms iva mrp rrp msrp sale per each ea stk stück pc pcs piece item unit
    to bis till until retail cost und and prix preis precio pris prezzo
"""
_FILLERS: Final = frozenset(_FILLER_WORDS.split())
# Words beside which a number is not what the thing costs, or is a multiple of it.
_SPOILER_WORDS: Final = """
    lakh lakhs lac lacs crore crores million mio mn k
    free off save saving over above under call contact ask request discount for shipping tbd tba soon sold
"""
_SPOILERS: Final = frozenset(_SPOILER_WORDS.split())


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in minor units; ``is_range`` when it is the lowest of several ("£3 - £5")."""

    minor: int
    currency: str | None
    is_range: bool = False


def exponent(currency: str | None) -> int:
    """Decimal digits of a currency: 2 for USD and for None, 0 for JPY, 3 for KWD (ISO 4217)."""
    return 2 if currency is None else _EXPONENTS.get(currency.upper(), 2)


def to_minor(major: float | Decimal, currency: str | None) -> int:
    """``(54.99, "USD")`` → 5499: rounds half up on the decimal as written, not on its binary form.

    Raises ValueError for NaN and infinity.
    """
    amount = major if isinstance(major, Decimal) else Decimal(repr(float(major)))
    if not amount.is_finite():
        raise ValueError(f"{major} is not an amount of money")
    return int(amount.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_major(minor: float, currency: str | None) -> float:
    """``(5499, "USD")`` → 54.99."""
    return float(Decimal(repr(minor)).scaleb(-exponent(currency)))


def format_price(minor: int, currency: str | None) -> str:
    """``(5499, "USD")`` → ``"$54.99"``; ``"SEK 299.00"`` where the symbol is shared; ``"54.99"``
    when the currency is unknown. Thousands are separated: ``"¥1,200"``.
    """
    digits = exponent(currency)
    amount = f"{Decimal(abs(minor)).scaleb(-digits):,.{digits}f}"
    sign = "-" if minor < 0 else ""
    if currency is None:
        return f"{sign}{amount}"
    symbol = _SYMBOLS.get(currency.upper())
    return f"{sign}{symbol}{amount}" if symbol else f"{currency.upper()} {sign}{amount}"


def currency_code(text: str, known: str | None = None) -> str | None:
    """The ISO code a symbol, code or word stands for, None if it is none of them.

    ``known`` settles shared ones: ``currency_code("$", "AUD")`` → ``"AUD"``.
    """
    word = unicodedata.normalize("NFKC", text).strip().lower()
    code = _CELL_WORDS.get(word) or _CELL_WORDS.get(word.rstrip("."))
    if code and known and known in _SHARED_BY.get(word, ""):
        return known
    return code


def parse_price(
    value: str | int | float | Decimal,
    currency: str | None = None,
    *,
    decimal_mark: str | None = None,
) -> Price | None:
    """Read a price as a shop writes it; None when it is not a believable sale price.

    ``"1.299,00 €"``, ``"$ 54"``, ``"EUR 12,5"``, ``"12,-"``, ``"1 299 kr"``, ``"1'299.00 CHF"``
    are read, ``"99¢"`` is 0.99; of a range (``"£3.42 - £5.99"``) the lowest. Not believable: nothing, "N/A", "free",
    zero, below zero, NaN, above :data:`MAX_MAJOR`, or a number among words that are not about a
    price. A currency in the text wins over ``currency``.

    A lone separator before exactly three digits is ambiguous. A comma separates thousands
    (``"1,299"`` is 1299). A dot is a decimal point, the way programs write numbers, unless the
    currency is one of a place that writes 1.299,00 (EUR, BRL, SEK…). A leading zero
    (``"0.299"``) or a three-digit currency makes either a decimal mark. ``decimal_mark``
    (``"."`` or ``","``), known from the rest of a column, overrides all of this.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float, Decimal)):
        return _believable(Decimal(str(value)), currency)
    if _PLAIN.fullmatch(value):
        return _believable(Decimal(value), currency)
    text = unicodedata.normalize("NFKC", value[:200]).replace("−", "-").replace("٫", ".").strip()
    text = " ".join(text.replace("٬", ",").split())
    text = "".join(c if c.isascii() or not c.isdecimal() else f"{int(c)}" for c in text)
    if _SCIENTIFIC.fullmatch(text):
        return _believable(Decimal(text), currency)
    if cents := _CENTS.fullmatch(text):
        return _believable(Decimal(cents[1].replace(",", ".")) / 100, currency)
    text = _ROUND_TAIL.sub(" ", text)
    found = [m for m in _CURRENCY.finditer(text)]
    named = next((currency_code(m[0], currency) for m in found), None) or currency
    bare = _CURRENCY.sub(lambda m: " " * len(m[0]), text)
    if _SCIENTIFIC.fullmatch(bare.strip()):
        return _believable(Decimal(bare.strip()), named)
    words = {w.lower() for w in re.findall(r"[^\W\d_]+", bare)}
    if words & _SPOILERS or re.search(r"%|^-\s*[\d.,]|^\(.*\)$", bare.strip()):
        return None
    numbers = list(_NUMBER.finditer(bare))
    if words - _FILLERS:
        # Among other words only a number that stands beside a currency is a price.
        numbers = [n for n in numbers if any(_beside(n, m, text) for m in found)]
    if not all(_well_grouped(n[0]) for n in numbers):
        return None
    amounts = [_decimal(n[0], named, decimal_mark) for n in numbers]
    if len(numbers) == 2 and _RANGE.fullmatch(bare[numbers[0].end() : numbers[1].start()].strip()):
        low = _believable(min(amounts), named)
        return low and Price(low.minor, low.currency, is_range=amounts[0] != amounts[1])
    return _believable(amounts[0], named) if len(amounts) == 1 else None


def _beside(number: re.Match[str], currency: re.Match[str], text: str) -> bool:
    before = text[currency.end() : number.start()] if currency.end() <= number.start() else "x"
    after = text[number.end() : currency.start()] if number.end() <= currency.start() else "x"
    return not before.strip(" :.") or not after.strip()


def _well_grouped(written: str) -> bool:
    if max(written.count("."), written.count(",")) < 2:
        return True
    return _GROUPS.fullmatch(written) is not None


def _decimal(written: str, currency: str | None, decimal_mark: str | None) -> Decimal:
    digits = re.sub(r"[ '’`]", "", written)
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return Decimal(digits)
    mark, other = digits[last], "," if digits[last] == "." else "."
    if digits.count(mark) > 1:
        return Decimal(digits.replace(mark, "").replace(other, "."))
    tail = len(digits) - last - 1
    lone = other not in digits and digits == written
    if tail == 3 and lone and _groups_thousands(mark, digits[:last], currency, decimal_mark):
        return Decimal(digits.replace(mark, ""))
    return Decimal(digits.replace(other, "").replace(mark, "."))


def _groups_thousands(mark: str, head: str, currency: str | None, decimal_mark: str | None) -> bool:
    if not 1 <= len(head) <= 3 or head.startswith("0"):
        return False
    if decimal_mark is not None:
        return mark != decimal_mark
    if exponent(currency) == 3:
        return False
    return mark == "," or currency in _COMMA_DECIMALS or exponent(currency) == 0


def _believable(amount: Decimal, currency: str | None) -> Price | None:
    try:
        if not amount.is_finite() or not 0 < amount <= MAX_MAJOR:
            return None
        minor = to_minor(amount, currency)
    except InvalidOperation:
        return None
    return Price(minor, currency) if minor > 0 else None
