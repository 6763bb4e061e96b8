"""CCAPI, dial plan, call legs, applications, active calls and call history."""
