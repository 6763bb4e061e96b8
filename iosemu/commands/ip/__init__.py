"""The IP layer as a router shows it: ARP, access lists, ping and traceroute, TCP, DHCP, names."""
