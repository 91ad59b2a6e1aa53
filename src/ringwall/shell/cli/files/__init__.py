"""The forms of files that people write and programs hand out: one module each, texts in, records out, and back."""
