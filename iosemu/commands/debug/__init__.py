"""Text of every `debug`, made from events, and the switches."""
