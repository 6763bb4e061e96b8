"""Platform files made into slots, cards, DSP channels, ports and limits."""
