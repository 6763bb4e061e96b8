"""The paper of a fax machine: so many sheets, and a page that jams.

Rule: a machine without paper, or with a jam in it, answers no call; one that runs out in the middle of a fax hangs up,
and the page that it could not print was never confirmed.
"""

from __future__ import annotations

OUT_OF_PAPER, JAM = "out of paper", "paper jam"


class PaperFeed:
    """`sheets` are left (None: they never end); page `jams_at` of a fax jams, once (0: none does)."""

    def __init__(self, sheets: int | None = None, jams_at: int = 0) -> None:
        self.sheets = sheets
        self._jams_at = jams_at
        self._jammed = False

    @property
    def trouble(self) -> str:
        """Why nothing can be printed, "" where it can."""
        return JAM if self._jammed else OUT_OF_PAPER if self.sheets == 0 else ""

    def sheet(self, page: int) -> str:
        """Draw a sheet for a page of a fax, counted from 1; gives the trouble, "" where it was printed."""
        if page == self._jams_at:
            self._jammed, self._jams_at = True, 0
        if not self.trouble and self.sheets is not None:
            self.sheets -= 1
            return ""
        return self.trouble

    def refill(self, sheets: int | None) -> None:
        """Put paper in, as many sheets as lie there then; what jammed is taken out."""
        self.sheets, self._jammed = sheets, False
