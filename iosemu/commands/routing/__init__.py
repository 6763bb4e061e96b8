"""Routing processes, the routing table, and their shows."""
