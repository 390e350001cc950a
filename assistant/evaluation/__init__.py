"""The offline evaluation: scripted dialogues, a simulated shopper, metrics and their report."""
