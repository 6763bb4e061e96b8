"""What a voice gateway shows: calls, dial peers, voice ports, DSPs, SIP and H.323."""
