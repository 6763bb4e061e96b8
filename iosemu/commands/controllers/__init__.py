"""Controllers (T1, E1, T3) and what is on them: channel groups, ISDN, trunk groups."""
