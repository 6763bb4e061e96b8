"""The configuration tree: apply, negate, NVGEN, typed views, NVRAM and flash files."""
