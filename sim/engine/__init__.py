"""Running it: the SimPy model and its Records."""
