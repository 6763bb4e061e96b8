"""Text to command: notation, graph, argument grammars, match, help, output filters, session."""
