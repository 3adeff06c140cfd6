"""One run to numbers: measures, checks, intervals."""
