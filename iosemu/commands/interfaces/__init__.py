"""Interfaces: what their lines do, their state and counters, link messages, and their shows."""
