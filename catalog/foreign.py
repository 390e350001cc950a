"""Colours and materials as German, French, Spanish, Italian and Dutch feeds write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from catalog.lexicon import COLOR_FAMILY, COLORS, MATERIAL_FAMILY
from catalog.lexicon import MATERIALS as ENGLISH_MATERIALS
from catalog.text import fold

# Adjectives of German and Dutch: they take endings, and lighter and darker ones are one word.
_GERMAN: Final = {
    "black": "schwarz tiefschwarz mattschwarz", "white": "weiß cremeweiß reinweiß schneeweiß altweiß perlweiß",
    "gray": "grau silbergrau anthrazitgrau steingrau schiefergrau",
    "red": "rot weinrot rubinrot kirschrot feuerrot bordeauxrot ziegelrot signalrot karminrot", "pink": "rosa altrosa lachsrosa rosé",
    "orange": "orange", "yellow": "gelb senfgelb zitronengelb sonnengelb", "green": "grün olivgrün moosgrün tannengrün salbeigrün mintgrün waldgrün flaschengrün smaragdgrün grasgrün",
    "blue": "blau himmelblau königsblau nachtblau stahlblau royalblau petrolblau eisblau taubenblau", "navy": "marineblau",
    "purple": "lila violett", "brown": "braun kastanienbraun nussbraun schokobraun",
    "beige": "beige sandbeige", "turquoise": "türkis", "silver": "silbern silber silberfarben", "gold": "golden goldfarben",
}  # fmt: skip
_DUTCH: Final = {
    "black": "zwart zwarte", "white": "wit witte", "gray": "grijs grijze", "red": "rood rode wijnrood", "pink": "roze",
    "orange": "oranje", "yellow": "geel gele", "green": "groen groene olijfgroen", "blue": "blauw blauwe hemelsblauw",
    "navy": "marineblauw", "purple": "paars paarse", "brown": "bruin bruine", "silver": "zilver zilveren",
    "gold": "goud gouden",
}  # fmt: skip
_ROMANCE: Final = {
    "black": "noir noire negro negra nero nera", "white": "blanc blanche blanco blanca bianco bianca",
    "gray": "gris grise grigio grigia grigi", "red": "rouge rojo roja rosso rossa rossi rosse", "pink": "rose rosé rosa",
    "orange": "orangé naranja arancione", "yellow": "jaune amarillo amarilla giallo gialla", "green": "vert verte verde verdi",
    "blue": "bleu bleue azul azules blu azzurro azzurra", "purple": "violet violette mauve morado morada viola",
    "brown": "brun brune marron marrón marrone castaño", "beige": "beis",
    "turquoise": "turquesa turchese", "silver": "argent argenté argentée plata plateado plateada argento argentato",
    "gold": "doré dorée dorado dorada oro dorato dorata",
}  # fmt: skip
_MORE_COLORS: Final = {
    "navy": ("marine", "bleu marine", "azul marino", "blu marino"), "anthracite": ("anthrazit", "antracita", "antracite", "antraciet"),
    "burgundy": ("bordeaux", "burdeos", "bordò"), "cream": ("creme", "crème", "crema"), "turquoise": ("turkoois",),
    "olive": ("oliv", "oliva", "olijf"), "rust": ("rostrot", "rostfarben"), "violet": ("veilchenblau",),
    "copper": ("kupfer", "cuivre", "cobre", "rame", "koper"), "mustard": ("senf", "moutarde", "mostaza", "senape", "mosterd"),
    "multicolor": ("bunt", "mehrfarbig", "multicolore", "meerkleurig"), "ecru": ("écru", "crudo"),
}  # fmt: skip
_DEEPER: Final = ("dunkel", "hell", "mittel", "zart", "pastell", "donker", "licht")

MATERIALS: Final[dict[str, tuple[str, ...]]] = {
    "leather": ("leder", "echtleder", "rindsleder", "rindleder", "rindnappa", "glattleder", "nappaleder", "vollleder", "lammleder", "ziegenleder", "kalbsleder", "wildleder", "veloursleder", "nubukleder", "cuir", "cuero", "piel", "pelle", "cuoio", "leer", "rundleer", "rundsleer"),
    "suede": ("wildleder", "veloursleder", "daim", "ante", "gamuza", "scamosciato"),
    "faux leather": ("kunstleder", "similicuir", "simili cuir", "polipiel", "ecopelle", "similpelle", "kunstleer"),
    "plastic": ("kunststoff", "plastik", "hartplastik", "plastique", "polyrattan", "plástico", "plastica", "kunststof", "plastic"),
    "polyester": ("poliéster", "poliestere"), "nylon": ("nailon", "polyamid", "polyamide", "poliamida", "poliammide"),
    "acrylic": ("acryl", "acrylglas", "plexiglas", "polyacryl", "acrylique", "acrílico", "acrilico"), "fleece": ("polaire",),
    "polypropylene": ("polypropylen", "polypropylène", "polipropileno", "polipropilene"),
    "polyethylene": ("polyethylen", "polyéthylène", "polietileno", "polietilene"),
    "microfiber": ("mikrofaser", "microfibra", "microvezel"),
    "wool": ("wolle", "schurwolle", "schafwolle", "laine", "lana", "wol"), "merino": ("merinowolle", "merinowol", "mérinos"),
    "cashmere": ("kaschmir", "cachemire", "cachemira", "cachemir", "kasjmier"), "cotton": ("baumwolle", "biobaumwolle", "coton", "algodón", "cotone", "katoen"),
    "linen": ("leinen", "lin", "lino", "linnen"), "silk": ("seide", "soie", "seda", "seta", "zijde"), "down": ("daunen", "daune", "plumón", "piumino", "dons"),
    "felt": ("filz", "feutre", "fieltro", "feltro", "vilt"), "velvet": ("samt", "velours", "terciopelo", "velluto", "fluweel"),
    "jute": ("yute", "juta"), "hemp": ("hanf", "chanvre", "cáñamo", "canapa", "hennep"), "canvas": ("segeltuch", "lona"),
    "wood": ("holz", "massivholz", "hartholz", "weichholz", "altholz", "echtholz", "vollholz", "bois", "madera", "legno", "hout", "massief hout"),
    "oak": ("eiche", "eichenholz", "chêne", "roble", "rovere", "quercia", "eiken", "eikenhout"),
    "beech": ("buche", "buchenholz", "hêtre", "haya", "faggio", "beuken", "beukenhout"), "pine": ("kiefer", "kiefernholz", "pin", "pino", "grenen", "grenenhout"),
    "walnut": ("nussbaum", "walnussholz", "noyer", "nogal", "noce", "notenhout"), "birch": ("birke", "birkenholz", "bouleau", "abedul", "betulla", "berken"),
    "ash": ("esche", "eschenholz", "frêne", "fresno", "frassino", "essen"), "maple": ("ahorn", "ahornholz", "érable", "esdoorn"),
    "acacia": ("akazie", "akazienholz"), "teak": ("teakholz",), "cherry": ("kirschbaum", "kirschholz", "merisier", "cerezo", "ciliegio"),
    "plywood": ("sperrholz", "multiplex", "contreplaqué", "contrachapado", "compensato"),
    "wooden": ("fichte", "fichtenholz", "lärche", "lärchenholz", "tanne", "robinie", "douglasie", "sapin", "épicéa", "mélèze", "abete", "vuren"),
    "bamboo": ("bambus", "bambou", "bambú", "bambù", "bamboe"), "cork": ("kork", "liège", "corcho", "sughero", "kurk"),
    "rattan": ("rotin", "ratán", "rotan"), "wicker": ("weide", "weidengeflecht", "osier", "mimbre", "vimini", "riet"),
    "rubber": ("gummi", "kautschuk", "naturkautschuk", "naturgummi", "caoutchouc", "goma", "caucho", "gomma"),
    "silicone": ("silikon", "silicona", "siliconen", "silicone"), "metal": ("metall", "métal", "metallo", "metaal", "blech"),
    "stainless steel": ("edelstahl", "acier inoxydable", "acier inox", "inox", "acero inoxidable", "acciaio inossidabile", "acciaio inox", "roestvrij staal", "rvs"),
    "steel": ("stahl", "edelstahl", "karbonstahl", "acier", "inox", "acero", "acciaio", "staal", "rvs"), "iron": ("eisen", "gusseisen", "schmiedeeisen", "fer", "fonte", "hierro", "ferro", "ghisa", "ijzer", "gietijzer"),
    "cast iron": ("gusseisen", "fonte", "hierro fundido", "ghisa", "gietijzer"), "aluminium": ("alu", "aluminio", "alluminio"),
    "brass": ("messing", "laiton", "latón", "ottone"), "copper": ("kupfer", "cuivre", "cobre", "rame", "koper"),
    "bronze": ("bronce", "bronzo", "brons"), "zinc": ("zink", "zinco", "cinc"), "titanium": ("titan", "titane", "titanio"), "glass": ("glas", "verre", "vidrio", "vetro"),
    "borosilicate glass": ("borosilikatglas", "verre borosilicate"), "ceramic": ("keramik", "céramique", "cerámica", "ceramica", "keramiek"),
    "porcelain": ("porzellan", "porcelaine", "porcelana", "porcellana", "porselein"), "stoneware": ("steinzeug", "steingut", "grès", "gres"),
    "terracotta": ("terrakotta", "terre cuite"), "enamel": ("emaille", "email", "émail", "émaillé", "esmalte", "smalto"),
    "marble": ("marmor", "marbre", "mármol", "marmo", "marmer"), "stone": ("stein", "naturstein", "pierre", "piedra", "pietra", "steen"),
    "concrete": ("beton", "béton", "hormigón"), "paper": ("papier", "papel", "carta"),
    "cardboard": ("pappe", "karton", "cartón", "cartone"),
}  # fmt: skip
"""A material in English → what the five languages call it and its sorts."""


def _colors() -> Iterator[tuple[str, Iterable[str]]]:
    for plain, words in _GERMAN.items():
        stems = [*words.split(), *(d + words.split()[0] for d in _DEEPER)]
        yield plain, [s + ending for s in stems for ending in ("", "e", "er", "es", "en")]
    for plain, words in _DUTCH.items():
        yield plain, [d + w for d in ("", *_DEEPER) for w in words.split()]
    for plain, words in _ROMANCE.items():
        yield plain, words.split()
    yield from _MORE_COLORS.items()


def _by_english(pairs: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for plain, words in pairs:
        found.setdefault(plain, {}).update(dict.fromkeys(map(fold, words)))
    return {plain: tuple(w for w in words if w != plain) for plain, words in found.items()}


_ENGLISH: Final = {"color": _by_english(_colors()), "material": _by_english(MATERIALS.items())}
_NATIVE: Final = {
    *COLORS, *ENGLISH_MATERIALS, *(w for near in (COLOR_FAMILY, MATERIAL_FAMILY) for some in near.values() for w in some),
}  # fmt: skip
_FOREIGN: Final = {
    field: {w: plain for plain, words in reversed(known.items()) for w in words if w not in _NATIVE}
    for field, known in _ENGLISH.items()
}
for _same, _other in (("grey", "gray"), ("multicolour", "multicolor")):
    _ENGLISH["color"][_same] = _ENGLISH["color"][_other]


def abroad(field: str, words: Iterable[str]) -> tuple[str, ...]:
    """What the other languages say for English words of a field."""
    known = _ENGLISH.get(field, {})
    return tuple(dict.fromkeys(w for word in words for w in known.get(word.lower(), ())))


def in_english(field: str, word: str) -> tuple[str, ...]:
    """The English word for one of another language; none where it is not known."""
    plain = _FOREIGN.get(field, {}).get(fold(word))
    return (plain,) if plain else ()
