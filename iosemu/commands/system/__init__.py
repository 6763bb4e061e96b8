"""The router as a whole: its clock and NTP, logging, and what it says of itself."""
