"""iosemu: an IOS-style router emulator whose heart is T.37 store-and-forward fax.

An independent emulator: no vendor code and no vendor image is in it.
"""

__version__ = "0.1.0"
