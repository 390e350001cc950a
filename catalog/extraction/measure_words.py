"""The words that say what a measure is, and what feeds usually call it, by base unit."""

from __future__ import annotations

import re
from typing import Final

USUAL: Final[dict[str, tuple[str, ...]]] = {
    "l": ("capacity", "volume", "content"), "g": ("weight", "net_weight"), "W": ("power", "wattage"),
    "dB": ("noise", "noise_level"), "GB": ("storage", "memory"), "Hz": ("refresh_rate",), "lm": ("brightness", "lumens"),
    "mAh": ("battery_capacity", "battery", "capacity"), "V": ("voltage",), "MP": ("resolution",), "den": ("denier",), "K": ("color_temperature",),
    "bar": ("pressure",), "rpm": ("speed",), "gsm": ("paper_weight", "density", "weight_gsm"), "tog": ("tog",), "Wh": ("battery_energy",),
    "person": ("sleeps", "persons", "capacity"), "min": ("battery_life", "runtime", "burn_time"),
    "C": ("temperature",), "month": ("warranty",),
    "cm": ("length", "screen", "screen_size", "size", "diameter", "width", "height"),
}  # fmt: skip
"""Base unit → what feeds usually call it, the names a shopper's bare number is looked for under first."""
GENERAL: Final[dict[str, str]] = {
    "g": "weight", "W": "power", "dB": "noise", "lm": "brightness", "mAh": "battery_capacity", "V": "voltage", "den": "denier",
    "tog": "tog", "Wh": "battery_energy", "person": "sleeps",
}  # fmt: skip
"""What a bare number in a title is where the feed teaches nothing; other units need a word."""
SPEAKS_FOR_ITSELF: Final = frozenset({"W", "dB", "lm", "mAh", "den", "tog", "Wh"})
"""Units that are believed in a description without a word beside them."""
_ABOUT: Final = r"(?:\s*(?:is|are|of|at|only|just|about|around|approx(?:imately)?\.?|a|an|the|in|its|with|to|mere|circa|ca\.?|net|total|max|:|=|-|~))*\s*"
BEFORE: Final[dict[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    base: tuple((re.compile(rf"(?:{words}){_ABOUT}$"), name) for words, name in rules)
    for base, rules in {
        "g": ((r"\bweigh(?:s|ing|t)?\b|\bwt\.?", "weight"), (r"\bcontents?\b", "net_weight")),
        "l": ((r"\bcapacity\b|\bholds?(?:\s+up\s+to)?|\btakes\b|\btank\b|\bjug\b|\bcarafe\b|\bbowl\b", "capacity"), (r"\bvolume\b|\bcontents?\b|\bcontains\b", "volume")),
        "W": ((r"\bpower(?:\s+(?:consumption|rating|output))?\b|\bmotor\b|\bwattage\b", "power"),),
        "dB": ((r"\bnoise(?:\s+level)?(?:\s+(?:below|under))?|\bquiet\b|\bloud(?:ness)?\b|\bsound(?:\s+level)?\b", "noise"),),
        "cm": (
            (r"\bheight\b|\bstands|\bmeasures(?=.{0,20}(?:tall|high))", "height"), (r"\bwidth\b", "width"), (r"\bdepth\b", "depth"),
            (r"\blength\b", "length"), (r"\bdiameter\b|ø", "diameter"), (r"\bthickness\b", "thickness"),
            (r"\bscreen(?:\s+size)?\b|\bdisplay\b", "screen_size"),
        ),
        "Hz": ((r"\brefresh(?:\s+rate)?\b", "refresh_rate"),),
        "lm": ((r"\bbrightness\b|\blumens\b", "brightness"),),
        "V": ((r"\bvoltage\b|\bbattery\b", "voltage"),),
        "mAh": ((r"\bbattery\b|\bcapacity\b", "battery_capacity"),),
        "min": (
            (r"\bbattery(?:\s+life)?\b.{0,18}|\bplay(?:back|time|ing\s+time)\b|\brun\s?time\b|\bcharge\s+lasts\b|\bup\s+to", "battery_life"),
            (r"\bburn(?:s|ing)?(?:\s+time)?\b(?:.{0,8})", "burn_time"), (r"\bboil(?:s|ing)?\b.{0,12}", "boil_time"),
        ),
        "GB": ((r"(?<!gb )\b(?:ram|memory)\b", "memory"), (r"(?<!gb )(?<!tb )\b(?:storage|ssd|hdd|rom|hard\s+drive)\b", "storage")),
        "K": ((r"\bcolou?r\s+temperature\b", "color_temperature"),), "month": ((r"\bwarranty\b|\bguarantee\b", "warranty"),),
        "C": ((r"\btemperature\b", "temperature"), (r"\bcomfort(?:able)?\b.{0,12}", "comfort_temperature")),
        "bar": ((r"\bpressure\b|\bpump\b", "pressure"),), "rpm": ((r"\bspeed\b", "speed"),),
        "person": ((r"\bsleeps\b|\bfor\b", "sleeps"),),
    }.items()
}  # fmt: skip
"""Base unit → words right before a number, surest first, and the attribute they name."""
AFTER: Final[dict[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    base: tuple((re.compile(rf"[\s-]*(?:of\s+|in\s+|total\s+|large\s+|max(?:imum)?\s+)?(?:{words})\b"), name) for words, name in rules)
    for base, rules in {
        "g": ((r"weight|heavy|net", "weight"),),
        "l": ((r"capacity|kettle|tank|jug|carafe|reservoir|bin|backpack|pot|pan|bucket|fridge|cooler|flask|basket", "capacity"), (r"volume|bottle|tube|jar|spray|pump|refill|can|tub|sachet", "volume")),
        "W": ((r"(?:\w+\s+)?motor|power|element|heater|heating|bulb|led|lamp", "power"),),
        "cm": (
            (r"tall|high|height", "height"), (r"wide|width", "width"), (r"deep|depth", "depth"), (r"long|length|extra\s+long", "length"),
            (r"diameter|across|dia", "diameter"), (r"thick|thickness", "thickness"),
            (r"(?:[\w-]+\s+){0,3}(?:monitor|tv|television|screen|display|laptop|notebook|tablet|touchscreen)", "screen_size"),
            (r"(?:chef's\s+|steel\s+)?blade", "blade_length"), (r"heel", "heel_height"), (r"(?:power\s+)?cable|cord|lead", "cable_length"),
        ),
        "Hz": ((r"refresh|(?:[\w-]+\s+){0,3}(?:monitor|display|screen|panel|tv)", "refresh_rate"),),
        "min": (
            (r"(?:of\s+)?(?:battery|play(?:back|time|ing)?|run\s?time|listening|music|talk(?!\w)|use|wireless)", "battery_life"), (r"burn", "burn_time"),
        ),
        "GB": (
            (r"(?:lp)?(?:g?ddr\w*|ram|memory(?!\s+(?:card|stick))|unified|vram)", "memory"),
            (r"(?:[\w.-]+\s+)?(?:ssd|hdd|storage|emmc|nvme|flash|hard\s+drive|internal|micro\s?sd|sd|usb|memory\s+(?:card|stick)|rom|pendrive)", "storage"),
        ),
        "month": ((r"(?:manufacturer\S*\s+|limited\s+)?(?:warranty|guarantee)", "warranty"),),
        "bar": ((r"(?:\w+\s+)?(?:pump|pressure)", "pressure"),), "person": ((r"(?:\w+\s+)?(?:tent|dome|shelter|hammock|sofa|hot\s+tub)", "sleeps"),),
        "MP": ((r"(?:\w+\s+)?(?:camera|sensor|photos?)", "resolution"),), "den": ((r"(?:\w+\s+)?tights|stockings", "denier"),),
    }.items()
}  # fmt: skip
"""Base unit → words right after a number and the attribute they name."""
LABELS: Final[dict[str, tuple[str, str]]] = {
    "weight": ("g", "weight"), "wt": ("g", "weight"), "capacity": ("l", "capacity"), "volume": ("l", "volume"), "power": ("W", "power"), "wattage": ("W", "power"),
    "height": ("cm", "height"), "width": ("cm", "width"), "depth": ("cm", "depth"), "length": ("cm", "length"), "diameter": ("cm", "diameter"),
    "thickness": ("cm", "thickness"), "screen": ("cm", "screen_size"), "size": ("cm", "size"), "display": ("cm", "screen_size"), "noise": ("dB", "noise"),
    "level": ("dB", "noise"), "voltage": ("V", "voltage"), "battery": ("mAh", "battery_capacity"), "brightness": ("lm", "brightness"),
    "storage": ("GB", "storage"), "ram": ("GB", "memory"), "memory": ("GB", "memory"), "rate": ("Hz", "refresh_rate"), "life": ("min", "battery_life"),
 "runtime": ("min", "runtime"), "playtime": ("min", "battery_life"), "warranty": ("month", "warranty"), "pressure": ("bar", "pressure"), "temperature": ("C", "temperature"),
    "speed": ("rpm", "speed"), "contents": ("l", "volume"), "content": ("l", "volume"),
}  # fmt: skip
"""The last word of a label ("Item weight: 2 kg") → its base unit and attribute."""
SAME: Final[dict[str, tuple[str, ...]]] = {
    "screen_size": ("screen", "display_size", "display"), "capacity": ("volume",), "volume": ("capacity", "content"),
    "noise": ("noise_level",), "power": ("wattage",), "brightness": ("lumens", "luminous_flux"), "weight": ("item_weight", "net_weight"),
    "net_weight": ("weight",), "battery_life": ("runtime", "playing_time", "playtime"), "memory": ("ram", "ram_size"), "storage": ("storage_capacity",),
    "battery_capacity": ("battery",), "cable_length": ("cord_length",), "heel_height": ("heel",), "resolution": ("megapixels",), "warranty": ("guarantee",),
}  # fmt: skip
"""Everybody's name of an attribute → what a feed may call the same."""
MEMORY_KIND: Final = frozenset({"ddr3", "ddr4", "ddr5", "dimm", "gpu", "geforce", "radeon", "rtx", "gtx", "graphic", "rx"})  # fmt: skip
STORAGE_KIND: Final = frozenset(
    """phone smartphone iphone galaxy tablet ipad laptop notebook ssd hdd usb drive pendrive stick sd sdhc sdxc microsd console flash
    macbook ipod pixel thumb""".split()  # noqa: SIM905
)
BEARERS: Final = frozenset(
    "washing washer dryer scale hook hanger bracket rack shelf hoist winch crane servo trolley jack sling hammock lift laundry".split()
)
"""Things whose mass in a title is rather what they hold."""
DIAMETERS: Final = frozenset(
    "pan skillet plate ball balloon clock lid wok wheel cymbal frisbee globe frypan".split()
)
HEIGHTS: Final = frozenset(
    "plush doll figure figurine statue teddy bear vase tree bust figures plushie".split()
)
LENGTHS: Final = frozenset("cable rope tape ribbon hose cord chain lead wire string bunting garland leash necklace".split())  # fmt: skip
LIQUIDS: Final = frozenset(
    """shampoo lotion oil drink wine juice cream gel conditioner serum cleanser toner perfume cologne spray paint glue ink soap
    wash milk water beer syrup vinegar sauce sunscreen moisturizer moisturiser mist balm detergent bubble""".split()  # noqa: SIM905
)
