"""Parts of pages, each drawn from values that it is given."""
