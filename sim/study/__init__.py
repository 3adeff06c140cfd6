"""Many runs to answers: replications, and what they say together."""
