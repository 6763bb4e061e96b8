"""From power-on to the prompt and back: boot text, ROM monitor, reload, setup dialogue."""
