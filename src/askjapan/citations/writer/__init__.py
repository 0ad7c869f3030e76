"""An answer's quotes come in; a language model's prose, each sentence checked, goes out; it may import `language`."""
