"""Each finding in words: its title, what shoppers lose by it, what to do."""

from __future__ import annotations

from typing import Final

WORDING: Final[dict[str, tuple[str, str, str]]] = {
    "no_type": (
        "no type and no category",
        "“kettle” finds these only by the words of their titles, beside lids and cleaners for kettles.",
        "State what each product is in the singular (type) or its shelf (category).",
    ),
    "no_feature": (
        "nothing stated that a question about a feature could be answered with",
        "“Waterproof”, “with a timer”, “without nuts”: nobody can say, so these come after all others.",
        "State yes/no properties as fields, or write at least twenty words of description.",
    ),
    "no_measure": (
        "measures not stated that shoppers ask of such a thing",
        "“At least 1.5 litres”, “under 2 kg”, “27 inch” can be neither met nor ruled out.",
        "State size, weight, capacity, power or pieces as fields with a unit; the table of types says where it pays most.",
    ),
    "no_brand": (
        "no brand", "A shopper who wants a brand, or wants one left out, is not sure to be served.",
        "Fill the brand; write your own name on own goods.",
    ),
    "no_color": (
        "no colour, in no field and in no words the program reads",
        "“In navy” and “anything but white” leave these unknown, below everything that says its colour.",
        "State color, one value or several.",
    ),
    "no_material": (
        "no material, in no field and in no words the program reads",
        "“Solid oak”, “no leather”: shoppers with an allergy or a taste are shown these as unknown.",
        "State material.",
    ),
    "no_size": ("no size", "“In 42” leaves these unknown.", "State size, or list the sizes as variants."),
    "no_age": (
        "no age", "“For a five year old” leaves these unknown.",
        "State age_from (and age_to) with a unit: 3 years, 18 months.",
    ),
    "no_gender": ("not said for whom", "“Women's” leaves these unknown.", "State gender: women, men, unisex, girls, boys."),
    "no_price": (
        "no price", "Under any budget these are unknown: shown last and labelled as without a price.",
        "Fill the price; leave a product out while it has none.",
    ),
    "currency_rare": (
        "price in a currency few others use",
        "There are no exchange rates: a budget in the shop's currency cannot judge them.",
        "State the price in the currency of the others, or index them as a catalogue of their own.",
    ),
    "currency_missing": (
        "price without a currency beside others that name one",
        "The price is shown bare, and read in whatever currency the shopper speaks of.",
        "Name the currency in every row, or index with --currency.",
    ),
    "price_zero": (
        "a price of nothing, or of a few coins", "It passes every budget and leads every list of the cheapest.",
        "Leave the price empty where there is none.",
    ),
    "price_far": (
        "price far from others of its type",
        "One mark too many or too few hides a product under a budget, or puts it first in “cheapest”.",
        "Look for a lost decimal mark, a price per hundred, a part among whole things, or a wrong type.",
    ),
    "price_same": (
        "one price for all", "A budget tells nothing apart, and “cheaper” has no answer.",
        "Replace the placeholder by the real prices.",
    ),
    "list_price_far": (
        "reduced from five times the price or more",
        "“On sale” puts a reduction first that nobody believes (or that is a mistake).",
        "Check the price before the reduction.",
    ),
    "no_image": ("no picture", "A card without a picture is passed over.", "Fill the image address."),
    "image_not_https": (
        "picture not served over https", "Browsers may refuse to show it on a secure page.",
        "Serve pictures over https, with their full address.",
    ),
    "image_shared": (
        "a picture that three or more products share",
        "Cards look alike; often it is a “no picture” sign.", "Give each product its own, and leave the sign out.",
    ),
    "no_description": (
        "no description", "Only the title can be found, and no question about it can be answered.",
        "Write what it is, what it measures, what it is good for.",
    ),
    "thin_description": (
        "description under twenty words", "Wishes (“quiet”, “for a small kitchen”) find nothing to go by.",
        "Write what it is, what it measures, what it is good for.",
    ),
    "description_same": (
        "the same description as another title's", "Nothing tells them apart but the title; search ranks them alike.",
        "Describe what is particular to each; make forms of one product its variants.",
    ),
    "description_near": (
        "nearly the same description as another's", "What differs drowns in what does not.",
        "Put what differs into fields; make forms of one product its variants.",
    ),
    "title_short": ("title too short", "It says too little to be found by or to choose from.", "Name the thing, its maker and what tells it apart."),
    "title_long": ("title over 150 characters", "Most lists cut it off before what tells it apart.", "Name the thing, its maker and what tells it apart; the rest belongs into fields."),
    "title_shouting": ("title in capitals", "It reads as an advertisement, and acronyms can't be told from words.", "Write it as a sentence is written."),
    "title_stuffed": ("title stuffed with keywords", "The product is found for what it is not.", "Say each word once; other words to be found by belong into a keywords field."),
    "title_same": (
        "the same title as another product", "Two cards with one name: the shopper cannot say which is meant.",
        "Make forms of one product its variants (one item group), or name what differs; remove doubles.",
    ),
    "title_near": (
        "the same title but for a number, a colour or a size",
        "One product fills the list in all its forms, and others are pushed out.",
        "Make them variants of one product (one item group).",
    ),
    "type_single": (
        "a type that only this product has", "There is nothing to compare it with, and the shelf is never asked for.",
        "Use the name of the shelf others stand on.",
    ),
    "type_spelling": (
        "a type spelled otherwise than most", "The shelf is torn in two: a search by type finds one part.",
        "Settle on one spelling.",
    ),
    "brand_spelling": (
        "a brand spelled otherwise than most", "A search by brand finds one part; left out, the other part stays.",
        "Settle on one spelling.",
    ),
    "stock_unknown": (
        "stock unknown", "“In stock” cannot be told, and what is sold out is recommended.",
        "State pieces on hand, or in stock / out of stock; shop update NAME FEED is enough.",
    ),
    "sold_out": (
        "sold out", "What is found cannot be bought.", "Remove what does not come back.",
    ),
    "rating_without_count": (
        "rated, but not by how many", "One review of five stars looks like a thousand.", "State the number of reviews.",
    ),
    "gap": (
        "lacks what most of its type state",
        "Compared or filtered by it, these are unknown beside their neighbours.",
        "Fill the attributes named here: the shop has them for the others.",
    ),
    "prose_only": (
        "attributes only read out of title or description",
        "They are answered by what the program read there; what it cannot read for certain stays unknown.",
        "State them as fields.",
    ),
    "variant_without_options": (
        "variants that do not say what they are", "“In 42” cannot choose one, and the cart gets any of them.",
        "State the options of each variant.",
    ),
    "variant_twice": ("variants with the same options", "Two prices for one thing; the cheaper is shown.", "Remove the double, or state the option in which they differ."),
    "text_not_for_shoppers": (
        "orders to programs, hidden letters, links or false ratings", "They are taken out, and the product ranks as if it were sold out.",
        "Find out who wrote them, and clean the listing.",
    ),
    "text_to_model": (
        "text that speaks to a language model", "Assistants that read listings may be led by it; a shopper who reads it trusts the shop less.",
        "Find out who wrote it, and remove it.",
    ),
    "text_markup": ("markup left in the text", "Shoppers read tags and codes.", "Export plain text."),
    "text_decoding": ("letters broken by a wrong encoding", "The words with them are not found.", "Export as UTF-8."),
    "text_control": (
        "invisible or control characters", "Words that look alike are not the same, and are not found.",
        "Remove them at the source.",
    ),
}  # fmt: skip
