"""Tables, one module each: `python -m fooling.tables.NAME --help`; `html` is the page of all of them."""
