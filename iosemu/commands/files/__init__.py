"""File systems, and copies between them."""
