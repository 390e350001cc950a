"""From a catalogue to an index, and from a query to candidates."""
