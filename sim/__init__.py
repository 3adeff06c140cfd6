"""Simulator of the cross-border e-commerce import pipeline."""
