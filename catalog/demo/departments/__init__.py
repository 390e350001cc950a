"""The departments of the demo shop, one module of authored product types each."""
