"""What a product is, the feeds that bring products in, and the demo shop."""
