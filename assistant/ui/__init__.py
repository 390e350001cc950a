"""The page: a chat and a shelf of cards, in Gradio."""
