"""What is run: draws, stages as steps, the frozen Plan."""
