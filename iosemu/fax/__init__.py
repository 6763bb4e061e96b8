"""T.30, T.38, UDPTL, T.4/TIFF-F, the DLE stream, FMSP, DMSP, text to fax, cover page."""
