"""The recipe of the adapter: hand-written and generated utterances in, a LoRA for understanding out."""
