"""The commands of ``shop``, by what they work on."""
