"""The parts of the lessons page: the list of lessons, a journey, a question, an attempt."""
