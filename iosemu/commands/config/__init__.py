"""Configurations: lines that need a check, what is stored, what is shown."""
