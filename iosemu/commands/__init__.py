"""What the commands with behaviour do, one module a family; `registry.handlers` finds them for a session."""
