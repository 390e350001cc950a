"""The ways people put a demand: sentence parts with a place for the value, for the generator to fill."""

from __future__ import annotations

from typing import Final

AT_MOST: Final = (
    "under {}", "below {}", "max {}", "{} max", "up to {}", "no more than {}", "at most {}", "less than {}", "not over {}", "{} or less",
    "{} tops", "not more than {}", "<{}", "< {}", "cheaper than {}", "within {}", "my limit is {}", "my budget is {}", "budget {}",
    "{} at the very most", "maximum {}", "i can spend {}", "can't go over {}", "wouldn't pay more than {}", "won't pay over {}", "{} is my limit",
    "not a penny over {}", "have {} to spend", "i've only got {}", "keep it under {}", "don't want to go past {}", "anything below {}", "{} and under",
    "got {} on me", "let's cap it at {}", "upper limit {}", "shouldn't cost more than {}", "costing less than {}",
    "with price lower than {}", "and price lower than {}",
)  # fmt: skip
AT_LEAST: Final = (
    "over {}", "above {}", "at least {}", "more than {}", "from {}", "min {}", "{} or more", "{}+", "{} and up", "starting at {}", "not under {}",
    "no less than {}", "minimum {}", "upwards of {}", "{} upwards", "nothing under {}", "not below {}",
)  # fmt: skip
ABOUT: Final = (
    "around {}", "about {}", "roughly {}", "{} or so", "~{}", "approx {}", "give or take {}", "somewhere around {}", "in the {} range", "circa {}",
    "more or less {}", "near {}",
)  # fmt: skip
RANGES: Final = ("between {} and {}", "{}-{}", "{} to {}", "from {} to {}", "{} - {}", "anywhere from {} up to {}", "somewhere between {} and {}")  # fmt: skip
NOT: Final = (
    "not {}", "no {}", "but not {}", "anything but {}", "without {}", "please no {}", "nothing {}", "none of that {}", "except {}",
    "i don't like {}", "i hate {}", "can't stand {}", "steer clear of {}", "avoid {}", "not a fan of {}", "i'm done with {}", "leave out {}",
    "definitely not {}", "never {}", "skip {}", "other than {}", "instead of {}", "rather not {}", "no more {}", "stay away from {}", "don't want {}",
    "don't show me {}", "{} is a no", "not {} please", "not in {}", "{} is out", "hold the {}", "minus the {}", "anything except {}", "had enough of {}",
    "i already have {}", "not into {}", "ditch the {}", "and nothing {}", "allergic to {}", "minus {}", "sans {}",
)  # fmt: skip
SOFT: Final = (
    "ideally {}", "preferably {}", "{} if possible", "{} would be nice", "maybe {}", "{} would be great", "if you have it {}", "i'd love {}", "hopefully {}",
    "{} if you have it", "i'd prefer {}", "{} would be a plus", "best case {}", "kinda hoping for {}", "{} but not a must", "at best {}", "would like {}",
    "{} for preference", "leaning towards {}", "perhaps {}",
)  # fmt: skip
PLAIN: Final = ("in {}", "{}", "{} please", "it should be {}", "must be {}", "{} one", "has to be {}", "make it {}", "i want {}", "only {}", "{} only", "actually {}",
                 "no wait {}", "sorry i meant {}", "something {}", "want it {}", "needs to be {}", "say {}", "rather {}", "{} then", "let's do {}", "and {}", "also {}")  # fmt: skip
WITH: Final = ("with {}", "it has {}", "must have {}", "has to have {}", "that comes with {}", "needs {}", "including {}", "featuring {}", "which has {}", "and {}", "plus {}", "w/ {}")  # fmt: skip
OPEN: Final = (
    "{}", "{}", "{}", "{}", "i need {}", "i'm looking for {}", "looking for {}", "show me {}", "do you have {}", "got any {}", "find me {}", "i want {}", "hi, i need {}", "need {}",
    "hey there, any {}", "can you recommend {}", "i would like {}", "im searching {}", "where are your {}", "any {}", "could you show me {}", "please find me {}", "we need {}",
    "what {} do you have", "what about {}", "also {}", "and {}", "i'd like to buy {}", "trying to find {}", "help me find {}", "ok now {}", "next i need {}", "do you sell {}",
    "my old one broke so i need {}", "hello! i am in need of {}", "after {}", "in the market for {}", "shopping for {}", "is there {}", "have you got {}", "let's look at {}",
    "back to the {}", "i could use {}", "give me {}", "time for {}", "was thinking of {}", "wanna get {}", "gimme {}", "recommend me {}",
)  # fmt: skip
NUMBERS: Final = ("ten", "fifteen", "twenty", "twenty five", "thirty", "forty", "fifty", "sixty", "eighty", "a hundred", "two hundred", "five hundred", "a tenner", "a grand", "fifty-five", "one fifty")  # fmt: skip
CURRENCY: Final = ("${}", "${}", "{}$", "{} dollars", "{} bucks", "£{}", "{} quid", "{} pounds", "€{}", "{}€", "{} €", "{} euros", "{} eur", "{}.00 dollars", "{} usd", "{} inr", "rs {}", "{} kr", "{} chf", "{}.99", "{}", "{}", "{}", "{}", "{} gbp")  # fmt: skip
FIELDS: Final = (
    "budget", "price", "colour", "color", "brand", "material", "size", "price limit", "limit", "waterproof part", "gender", "weight", "colour thing", "everything",
)  # fmt: skip
CLEAR: Final = (
    "forget the {}", "forget about the {}", "never mind the {}", "any {} is fine", "{} doesn't matter", "ignore the {}", "drop the {}", "doesn't have to be {}", "the {} isn't important",
    "i don't care about the {}", "skip the {}", "no {} limit anymore", "{} is not important after all", "scrap the {}", "whatever {}", "the {} can go", "without the {} restriction",
    "remove the {} filter", "lose the {}", "not so fussed about {}", "nvm the {}", "{} no longer matters",
)  # fmt: skip
THAN: Final = ("cheaper", "bigger", "smaller", "lighter", "quieter", "less expensive", "a bit bigger", "something cheaper", "longer", "shorter", "darker", "better rated", "more powerful", "warmer", "newer", "brighter", "way cheaper", "softer", "slightly smaller")  # fmt: skip
ORDER: Final = ("cheapest first", "sort by price", "best rated", "best reviews first", "cheapest", "lowest price", "highest rated", "most popular", "newest first", "most expensive first", "smallest", "lightest", "by rating")  # fmt: skip
