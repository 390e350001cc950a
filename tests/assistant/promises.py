"""What every turn of every conversation keeps, whatever was said: checked after each utterance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.converse import Assistant
from assistant.intent import Act
from assistant.phrasing import constraint_label, field_text, short_price, short_title
from assistant.reader.read import MAX_CHARACTERS
from assistant.reply import CardsReady, Done, Event, ReasonsReady, Recommendation, Reply
from catalog.product import Measure, Product
from catalog.units import to_base
from catalog.verdict import Verdict, judge

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def say(shop: Assistant, text: str) -> Reply:
    """One turn with everything it must keep; the whole reply."""
    events = list(shop.stream(text))
    assert isinstance(events[0], CardsReady)
    assert isinstance(events[-1], Done)
    assert sum(isinstance(e, Done) for e in events) == 1
    reply = events[-1].reply
    _events_tell_the_same_story(events)
    keeps_its_promises(shop, reply)
    assert shop.moment == reply.moment
    return reply


def keeps_its_promises(shop: Assistant, reply: Reply) -> None:
    """Hard means hard, ranks and scores add up, near misses apart, every number true."""
    for recommendation in reply.recommendations:
        # What was bought before is history: shown whatever is wanted now.
        for constraint in () if reply.intent.act is Act.BUY_AGAIN else reply.moment.hard:
            verdict = judge(recommendation.product, constraint)
            assert verdict is not Verdict.VIOLATION, (recommendation.product.id, constraint)
        assert not recommendation.near_miss
    for near in reply.near_misses:
        assert near.near_miss
        assert not {near.product.id} & {r.product.id for r in reply.recommendations}
    for shown in (reply.recommendations, reply.near_misses):
        assert len({r.product.id for r in shown}) == len(shown)
    _ranked(reply.recommendations)
    assert reply.text.strip()
    assert not re.search(r"\bNone\b(?! of)|  ", reply.text), reply.text
    assert reply.timings["total"] >= reply.timings["first_card"] >= 0
    assert len(reply.question.options) >= 2 if reply.question else True
    untrue = set(_NUMBER.findall(reply.text)) - set(_known(shop, reply))
    assert not untrue, f"{sorted(untrue)} in {reply.text!r}"
    for recommendation in (*reply.recommendations, *reply.near_misses):
        for reason in recommendation.reasons:
            assert reason.evidence, reason
            facts = set(_known(shop, reply)) | set(_of_product(recommendation.product))
            strange = set(_NUMBER.findall(reason.text)) - facts
            assert not strange, f"{sorted(strange)} in {reason.text!r}"


def _ranked(shown: tuple[Recommendation, ...]) -> None:
    assert [r.rank for r in shown] == list(range(1, len(shown) + 1)), [r.rank for r in shown]
    for recommendation in shown:
        assert abs(recommendation.score - sum(recommendation.parts.values())) < 1e-9
    open_demands = [bool(r.unknown) for r in shown]
    if not any("unstated" in r.parts for r in shown):  # a part of the score where no type is named
        assert open_demands == sorted(open_demands), "full matches come before those with unknowns"


def _events_tell_the_same_story(events: list[Event]) -> None:
    (done,) = [e.reply for e in events if isinstance(e, Done)]
    cards = [e.reply for e in events if isinstance(e, CardsReady)]
    assert len(cards) <= 3  # the reader's, those of both readings, those the model reordered
    last = {r.product.id: r.reasons for r in done.recommendations}
    assert {r.product.id for r in cards[-1].recommendations} == set(last)
    for event in events:
        if isinstance(event, ReasonsReady):
            assert last[event.product_id] == event.reasons
    assert done.text == cards[-1].text
    assert done.moment == cards[-1].moment
    assert all("first_card" in c.timings for c in cards)


def _known(shop: Assistant, reply: Reply) -> Iterator[str]:
    """Every number a reply may say: from records shown, asked about, kept and bought, the Moment, or counts."""
    index = shop.index
    ids = {*reply.cart, *reply.saved, *(r.product.id for r in _all(reply))}
    if shop.shopper is not None:
        ids |= {*shop.shopper.bought(), *(e.product for e in shop.shopper.wishlist)}
    products = [p for i in ids if (p := index.get(i)) is not None]
    for product in products:
        yield from _of_product(product)
    for product in index.products:
        if short_title(product) in reply.text:
            yield from _NUMBER.findall(product.title)
            products += product.offers()
        if reply.text.startswith(f"{product.title}: "):
            # what was shown earlier is answered from its own record
            yield from _of_product(product)
    for constraint in reply.moment.constraints:
        yield from _NUMBER.findall(f"{constraint_label(constraint)} {constraint.span}")
    yield from _NUMBER.findall(f"{reply.intent.text} {' '.join(shop.greeting_examples())}")
    yield f"{MAX_CHARACTERS:,}"
    yield from (f"{part:.2f}" for r in _all(reply) for part in r.parts.values())
    yield from map(str, range(len(_all(reply)) + 1))
    yield from _counts(shop, reply)
    yield from _sums(shop, reply, products)


def _all(reply: Reply) -> tuple[Recommendation, ...]:
    return (*reply.recommendations, *reply.near_misses)


def _of_product(product: Product) -> Iterator[str]:
    for name in ("price", "list_price", "rating", "stock", "review_count", *product.attributes):
        text = field_text(product, name)
        yield from _NUMBER.findall(text)
        yield from (n.removesuffix(".00") for n in _NUMBER.findall(text))
    yield from _NUMBER.findall(f"{product.title} {product.description}")


def _counts(shop: Assistant, reply: Reply) -> Iterator[str]:
    """How many fit, state it, leave it open, or would fit with one demand less; any rank among them."""
    index, hard = shop.index, reply.moment.hard
    fitting, open_ = index.count(hard)
    relaxed = [n for _, n in index.relaxations(hard)]
    for dropped in hard:
        rest = [c for c in hard if c is not dropped]
        relaxed += index.facet(rest, dropped.field).values() if dropped.words else ()
    if least := index.smallest_relaxation(hard, [c for c in hard if c.field == "type"]):
        relaxed += index.count(c for c in hard if c not in least)
    # Near misses are ranked among all that fit with one demand less.
    yield from (f"{n:,}" for n in range(max(fitting, reply.matching, *relaxed) + 1))
    yield from (f"{n:,}" for n in (open_, fitting + open_, index.info.rows, *relaxed))


def _sums(shop: Assistant, reply: Reply, products: Iterable[Product]) -> Iterator[str]:
    """Differences between prices or measures the record and the Moment hold, and the cart's total."""
    priced = [p for p in products if p.price is not None]
    amounts = [(float(p.price or 0), p.currency) for p in priced]
    amounts += [(float(p.list_price), p.currency) for p in priced if p.list_price]
    for c in reply.moment.constraints:
        if c.field == "price" and c.number is not None:
            amounts.append((c.number, c.unit))
    paid = [p.price for p in shop.shopper.purchases if p.price] if shop.shopper else []
    paid += [e.price for e in shop.shopper.wishlist if e.price] if shop.shopper else []
    amounts += [(float(p), shop.index.vocabulary.currency) for p in paid]
    cart = [p for i in reply.cart if (p := shop.index.get(i)) is not None]
    for minor, currency in amounts:
        yield from _NUMBER.findall(short_price(minor, currency))
        for other, _ in amounts:
            yield from _NUMBER.findall(short_price(abs(minor - other), currency))
    if cart and all(p.price is not None for p in cart):
        yield from _NUMBER.findall(short_price(sum(p.price or 0 for p in cart), cart[0].currency))
    for p in priced:
        for n in {*re.findall(r"(\d+) ×", reply.text), 1}:
            yield from _NUMBER.findall(short_price(int(n) * (p.price or 0), p.currency))
    yield from _measure_gaps(reply)
    if shop.shopper is not None:
        days = [p.on for p in shop.shopper.purchases]
        yield from (n for d in days for n in (str(d.day), str(d.year)))
        yield from map(str, shop.shopper.bought().values())


def _measure_gaps(reply: Reply) -> Iterator[str]:
    products = [r.product for r in _all(reply)]
    for one in products:
        for name, held in one.attributes.items():
            others = (p.attributes.get(name) for p in products)
            for other in (o for o in others if isinstance(o, Measure)):
                if (
                    isinstance(held, Measure)
                    and to_base(1.0, held.unit)[1] == to_base(1.0, other.unit)[1]
                ):
                    theirs = to_base(other.value, other.unit)[0] / to_base(1.0, held.unit)[0]
                    yield f"{round(abs(held.value - theirs), 2):g}"
    for recommendation in _all(reply):
        for c in reply.moment.constraints:
            own = recommendation.product.attributes.get(c.field)
            if c.number is None or not isinstance(own, Measure) or c.unit is None:
                continue
            asked = to_base(c.number, c.unit)[0] / to_base(1.0, own.unit)[0]
            yield f"{round(abs(own.value - asked), 2):g}"
