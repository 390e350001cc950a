"""What speaks for and against a product, theme by theme; :mod:`assistant.explain` chooses among it."""
