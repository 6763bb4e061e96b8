"""The world around the routers: topology, virtual network, PSTN, fax machines, mail server."""
