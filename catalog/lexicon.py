"""Words every shop shares: colours with their shades, materials, and what they are called.

The catalogue's own vocabulary comes on top of these (``retrieval.vocabulary``).
"""

from __future__ import annotations

from typing import Final

COLOR_FAMILY: Final[dict[str, tuple[str, ...]]] = {
    "black": ("jet", "ebony", "onyx"),
    "white": ("ivory", "cream", "off-white", "ecru", "snow", "eggshell"),
    "gray": ("grey", "charcoal", "slate", "graphite", "anthracite", "gunmetal", "ash"),
    "grey": ("gray", "charcoal", "slate", "graphite", "anthracite", "gunmetal", "ash"),
    "red": ("crimson", "scarlet", "burgundy", "maroon", "cherry", "ruby", "wine", "brick"),
    "pink": ("rose", "blush", "fuchsia", "magenta", "coral", "salmon"),
    "orange": ("tangerine", "apricot", "amber", "peach", "rust", "terracotta"),
    "yellow": ("mustard", "lemon", "ochre"),
    "green": ("olive", "sage", "mint", "emerald", "forest", "khaki", "lime", "moss"),
    "blue": ("navy", "indigo", "cobalt", "azure", "denim", "sky", "royal", "petrol", "midnight"),
    "purple": ("violet", "lavender", "lilac", "plum", "mauve", "aubergine"),
    "brown": (
        "tan",
        "caramel",
        "chocolate",
        "chestnut",
        "walnut",
        "cognac",
        "camel",
        "mocha",
        "espresso",
    ),
    "beige": ("sand", "cream", "taupe", "oatmeal", "stone", "nude"),
    "turquoise": ("teal", "aqua", "cyan"),
    "silver": ("chrome", "pewter"),
    "gold": ("golden", "brass"),
}
"""A basic colour and its shades: who asks for grey is shown charcoal, who refuses it is not."""

PLAIN_COLORS: Final[frozenset[str]] = frozenset(
    """black white gray grey red pink yellow green blue purple brown beige turquoise navy burgundy maroon khaki teal
    charcoal fuchsia magenta multicolor multicolour indigo taupe crimson""".split()  # noqa: SIM905
)
"""Words that hardly ever mean anything but a colour; the others need a place where only one stands."""

COLORS: Final[frozenset[str]] = frozenset(
    {
        *COLOR_FAMILY,
        "navy", "ivory", "cream", "charcoal", "crimson", "scarlet", "burgundy", "maroon", "fuchsia", "magenta",
        "coral", "mustard", "olive", "sage", "mint", "emerald", "khaki", "indigo", "cobalt", "violet", "lavender",
        "lilac", "tan", "taupe", "teal", "aqua", "cyan", "copper", "bronze", "brass", "multicolor", "multicolour",
        "rose gold", "anthracite", "terracotta", "cognac", "camel", "off-white", "sky blue", "royal blue",
        "dark blue", "light blue", "dark green", "light green", "dark grey", "light grey", "navy blue",
    }
)  # fmt: skip
"""Colour words understood without a catalogue."""

MATERIALS: Final[frozenset[str]] = frozenset(
    {
        "acrylic", "aluminium", "aluminum", "bamboo", "canvas", "cardboard", "cashmere", "cast iron", "ceramic",
        "chiffon", "concrete", "copper", "corduroy", "cork", "cotton", "denim", "down", "faux leather", "felt",
        "flannel", "fleece", "glass", "jute", "lace", "latex", "leather", "linen", "lycra", "marble", "melamine",
        "merino", "merino wool", "mesh", "metal", "microfiber", "microfibre", "modal", "nylon", "oak", "paper",
        "pine", "plastic", "plush", "polyester", "porcelain", "rattan", "rubber", "satin", "silicone", "silk",
        "stainless steel", "steel", "stone", "stoneware", "suede", "tencel", "titanium", "tweed", "velvet",
        "vinyl", "viscose", "walnut", "wicker", "wood", "wooden", "wool", "beech", "brass", "enamel", "elastane",
        "carbon fiber", "carbon steel", "borosilicate glass", "teak", "hemp", "spandex", "terracotta", "tritan",
    }
)  # fmt: skip
"""Material words understood without a catalogue."""

MATERIAL_FAMILY: Final[dict[str, tuple[str, ...]]] = {
    "wood": ("wooden", "oak", "pine", "beech", "walnut", "teak", "birch", "acacia", "ash", "maple", "mahogany", "cherry", "plywood"),
    "metal": ("steel", "iron", "aluminium", "aluminum", "brass", "copper", "titanium", "tin", "zinc", "bronze"),
    "wool": ("merino", "lambswool"),
}  # fmt: skip
"""A material and its sorts: oak is wood to who asks for wood, and to who refuses it."""

PARTS: Final[frozenset[str]] = frozenset(
    """sole midsole outsole strap accent lining lined trim trimmed stitch stitching detail detailing piping handle button zip
    zipper buckle clasp lid leg foot base rim edge edging stripe logo lettering hardware""".split()  # noqa: SIM905
)
"""Parts, in the singular: what is said of one is not said of the product."""

WORKED: Final[frozenset[str]] = frozenset(
    """cleaner cleaning polish paint glue care wash repair stain oil drill screw burning burner cutter cutting splitting
    chopping carving shampoo detergent conditioner tester""".split()  # noqa: SIM905
)
"""What is done to a material, or for it: a wood splitting axe need not be wooden."""

FAKES: Final[frozenset[str]] = frozenset(
    """faux imitation fake mock artificial simulated synthetic vegan pu""".split()  # noqa: SIM905
)
"""Before a material they say that it is not that material: faux leather is no leather."""

LOOKS: Final[frozenset[str]] = frozenset({"look", "effect", "style", "lookalike"})
"""The same after it: a wood effect."""

GENUINE: Final[frozenset[str]] = frozenset({"real", "genuine", "authentic", "true"})
"""Before a material they say nothing that its name does not say."""

_IMITATED: Final = ("leather", "suede", "fur")
"""Materials whose imitations are wanted as such, whatever they are called."""

IMITATIONS: Final[dict[str, str]] = {
    f"{fake} {stuff}": f"faux {stuff}" for stuff in _IMITATED for fake in sorted(FAKES - {"faux"})
} | {"leatherette": "faux leather", "pleather": "faux leather"}
"""Names of an imitation → the usual one."""

MATERIAL_FORMS: Final[dict[str, str]] = {
    "wooden": "wood",
    "aluminum": "aluminium",
    "microfibre": "microfiber",
}
"""Spellings that mean the same material."""

SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "grey": ("gray",), "gray": ("grey",), "light grey": ("light gray",), "dark grey": ("dark gray",), "wood": ("wooden",), "wooden": ("wood",),
    "aluminium": ("aluminum",), "aluminum": ("aluminium",), "microfiber": ("microfibre",), "microfibre": ("microfiber",),
    "multicolor": ("multicolour", "multicoloured", "multicolored"), "multicolour": ("multicolor", "multicoloured", "multicolored"),
    "gold": ("golden",), "wool": ("woollen", "woolen"),
} | {
    f"faux {stuff}": tuple(n for n, usual in IMITATIONS.items() if usual == f"faux {stuff}") for stuff in _IMITATED
}  # fmt: skip
"""Words to look for together with a word, because they say the same."""

_SIZE_NAMES: Final = (
    ("xs", "x small", "extra small"), ("s", "small"), ("m", "medium"), ("l", "large"), ("xl", "x large", "extra large"),
    ("xxl", "2xl", "xx large", "2x large"), ("xxxl", "3xl", "xxx large", "3x large"),
)  # fmt: skip
SIZE_SPELLINGS: Final[dict[str, tuple[str, ...]]] = {n: s for s in _SIZE_NAMES for n in s}
"""Ways to write a size in letters → all of them."""

_MEATS: Final = (
    "meat",
    "beef",
    "steak",
    "pork",
    "bacon",
    "ham",
    "chicken",
    "turkey",
    "lamb",
    "veal",
    "sausage",
    "salami",
    "prosciutto",
    "pepperoni",
    "chorizo",
    "brisket",
    "sirloin",
    "ribeye",
    "duck breast",
)
_FISH: Final = (
    "fish",
    "salmon",
    "tuna",
    "cod",
    "trout",
    "sardine",
    "anchovy",
    "mackerel",
    "herring",
    "haddock",
    "halibut",
    "tilapia",
)
_SHELLFISH: Final = ("shellfish", "shrimp", "prawn", "crab", "lobster", "crayfish")

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "meat": _MEATS, "fish": _FISH, "seafood": ("seafood", *_FISH, *_SHELLFISH, "mussel", "oyster", "clam", "squid", "scallop"),
    "nut": ("almond", "hazelnut", "walnut", "pecan", "cashew", "pistachio", "macadamia", "brazil nut", "peanut", "praline", "marzipan", "gianduja"),
    "dairy": ("milk", "cheese", "butter", "cream", "yogurt", "yoghurt", "whey"),
    "lactose": ("milk", "cheese", "butter", "cream", "yogurt", "yoghurt", "whey"),
    "gluten": ("wheat", "barley", "rye", "spelt"),
    "shellfish": _SHELLFISH,
    "soy": ("soya", "soybean", "tofu"),
    "plastic": ("polyester", "nylon", "acrylic", "vinyl", "pvc", "polypropylene", "polyethylene", "polycarbonate", "polystyrene", "polyurethane", "melamine", "tritan", "perspex", "microfiber", "microfibre", "fleece"),
    "wool": ("cashmere", "alpaca", "mohair", "angora"),
}  # fmt: skip
"""What is refused along with a word, though nobody who asks for the word means it: who will not have nuts will
not have almonds, and polyester is a plastic."""

IMPLIED: Final[dict[str, str]] = {
    "waterproof": "water_resistant", "vegan": "vegetarian", "dairy_free": "lactose_free",
}  # fmt: skip
"""The yes/no attribute that goes with another: what is waterproof is water-resistant too, and what is not
even water-resistant is not waterproof."""

_OF_ANIMALS: Final = (*_MEATS, *_FISH, *_SHELLFISH, "seafood")
CONTRARY: Final[dict[str, tuple[str, ...]]] = {
    "vegetarian": _OF_ANIMALS, "vegan": (*_OF_ANIMALS, "dairy", "cheese", "egg"), "plant based": (*_OF_ANIMALS, "dairy", "cheese", "egg"),
}  # fmt: skip
"""What nothing is, by type, shelf or title, that is what is asked for and does not say so itself."""

GENDERS: Final[dict[str, str]] = {
    "men": "men", "mens": "men", "men's": "men", "man": "men", "male": "men", "him": "men", "guys": "men",
    "gents": "men", "gent": "men", "gentlemen": "men",
    "women": "women", "womens": "women", "women's": "women", "woman": "women", "female": "women", "ladies": "women",
    "lady": "women", "her": "women", "unisex": "unisex", "m": "men", "f": "women",
}  # fmt: skip
"""How feeds and shoppers write who a product is cut for."""
