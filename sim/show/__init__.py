"""Figures, tables and exports."""
