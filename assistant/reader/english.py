"""English function words, request phrases and the spelling guard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from catalog.home import home_dir

FUNCTION_WORDS: Final = frozenset(
    """a about above after all also although am an and any anybody anyone anything are arent as at be because been before being but by
    can cannot cant could couldnt did didnt do does doesnt doing dont down each either else enough ever every everything few for
    from get gets getting go goes going gonna got had has hasnt have havent having he hed hell her here hers hes him his how however
    i id if ill im in instead into is isnt it itd item items its itself ive just kind lets like ll lot lots many may maybe me might
    mine more most much must my myself need needed needs neither no nobody non none nor not nothing now of off on one ones only onto
    or other others otherwise ought our ours out over own per perhaps please plus quite rather re really s same shall she shed shell shes
    should shouldnt since so smth some somebody someone something soon sort sth still such sure t than thank thanks that thatd thatll thats
    the their theirs them then there theres therefore these tho they theyd theyll theyre theyve thing things this those though through
    till to too toward towards u until up upon us ve very via want wanted wanting wants was wasnt way we wed well were weve what
    whatever whats when where wheres whether which while who whom whos whose why will with within without wont would wouldnt yet you
    youd youll your youre yours youve""".split()
)  # fmt: skip
"""Words that carry no wish by themselves."""

REQUEST_WORDS: Final = frozenset(
    """loves loved likes liked enjoys goes under below above over between less undo remove delete absolutely meant mean except tenner fiver actually after tell info information detail details about know all alright anyway available best better bit buy
    browse carry check choose come comes couple decent definitely find fine first fit give good great gotta guess hello help hey hi
    hmm hope hoping idea ideally interested just keep kinda know let list look looking looks love lovely mind mmm nah nice no nope
    oh ok okay option options order pick pls possible possibly prefer preferable preferably preference probably product products
    purchase recommend recommendation recommendations remember right searching sell seeking shop shopping show shows similar simply
    suggest suggestion suggestions think thinking thx today try trying uh uhm um use using wanna wish wondering wonder wow yeah yep
    yes yup hunting after stuff item items pretty super totally make made makes new nothing cost costs price prices priced budget
    money bucks spend spending max maximum min minimum limit range least most fairly somewhat rather extremely gift gifts present
    presents surprise color colour brand material size rating ratings review reviews star stars stock sale shipping ship question
    day days time times said last week month tomorrow got run ran kind type types sort bring see view back again start over forget never
    change switch different sorry wait then instead save cart basket order safe cheap""".split()
)  # fmt: skip
"""Words of asking, not of the thing asked for; skipped when looking for the item."""

PEOPLE: Final = frozenset(
    """dad father daddy mum mom mother mommy wife husband partner girlfriend boyfriend son daughter kid kids child baby toddler boy
    girl sister brother grandma grandmother grandpa grandfather granny aunt uncle niece nephew cousin friend colleague boss teacher
    neighbour neighbor family parents teenager teen him her them myself me us he she""".split()
)  # fmt: skip
"""Recipients: "for my dad" is a wish about the gift, never the item itself."""

OCCASIONS: Final = frozenset(
    """christmas birthday wedding anniversary easter halloween valentine graduation housewarming holiday vacation trip travel party
    picnic camping winter summer spring autumn fall office work school gym yoga beach""".split()
)  # fmt: skip


_FREQUENT: Final = 12_000
"""Words of the embedder's list, most frequent first, that nearly everybody uses; further down stand
names and other languages' words ("blu", "glas")."""


@cache
def _word_list() -> Sequence[str]:
    for vocabulary in sorted((home_dir() / "models").glob("minilm*/**/vocab.txt"))[:1]:
        return vocabulary.read_text("utf-8").splitlines()
    return ()


def _words(limit: int | None = None) -> frozenset[str]:
    return frozenset(w for w in _word_list()[:limit] if w.isalpha() and len(w) > 2)


def knows_english() -> bool:
    """Whether a general English word list is on this machine; without it spelling is corrected less."""
    return bool(_word_list())


@cache
def common_words() -> frozenset[str]:
    """Words that are English as they stand, so that spelling correction leaves them alone.

    Taken from the embedder's own word list when its weights are on this machine
    (its whole-word entries are frequent English words), besides the lists here.
    """
    return FUNCTION_WORDS | REQUEST_WORDS | PEOPLE | OCCASIONS | _words()


@cache
def frequent_words() -> frozenset[str]:
    """Those of :func:`common_words` that are common enough to be meant even where a label says
    that they name something else.
    """
    return FUNCTION_WORDS | REQUEST_WORDS | PEOPLE | OCCASIONS | _words(_FREQUENT)


def slipped(said: str, name: str) -> bool:
    """Whether letters were left out, doubled or swapped only; the "e" of a plural is none too many."""
    if len(said) > len(name):
        again = (i for i in range(1, len(said)) if said[i] == said[i - 1])
        return said == f"{name}e" or any(said[:i] + said[i + 1 :] == name for i in again)
    return len(name) > len(said) or sorted(name) == sorted(said)
