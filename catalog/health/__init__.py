"""What a catalogue's feed lacks, and how many shoppers' demands that leaves unanswered.

:func:`examine` reads the products once, row by row, and returns a :class:`Health`: findings with
examples, what each costs shoppers and what to do, the one that costs most first.
"""

from catalog.health.examine import examine
from catalog.health.report import Example, Finding, Health, KindLine, TypeLine

__all__ = ["Example", "Finding", "Health", "KindLine", "TypeLine", "examine"]
