"""What the commands with behaviour do: one module a family."""
