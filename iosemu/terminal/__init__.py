"""Console and telnet: the line editor and its transports."""
