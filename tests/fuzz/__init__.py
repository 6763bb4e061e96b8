"""Fuzzing of everything that reads octets which others wrote."""
