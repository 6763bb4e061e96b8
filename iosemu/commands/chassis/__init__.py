"""What the hardware shows: version, diag, memory, processes, environment, modem and DSP cards."""
