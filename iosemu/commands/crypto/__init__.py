"""Keys, and what encryption shows."""
