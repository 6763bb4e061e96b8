"""The fax engines: octets, signals and a clock in, octets, signals and events out.

From the line inwards: `line` (what a modem sends, as values), `modem` (the sending half, in time), `audio` (the same as
sound), `t30` (the procedure of a call). Between gateway and DSP: `t38` over `ifp` and `udptl`, `dsp`, `fmsp`, and the
`dle` stream. Pages: `document` and `pages` (what is sent), `t4` with `t4_rows`, `t4_codes` and `libtiff` (coded),
`bitmap` (pixels), `tiff_reader` and `tiff_writer` (files), `dmsp` (a mail's parts). What becomes pages: `render` of
files, with `pictures` and `pdf`; `text_page`, `styled_text`, `enriched_text`, `glyphs`, `header_line`, `cover_page`.
Shared: `events` (what the engines tell), `bit_order`.

Rule: nothing here knows of calls, routers or sockets.
"""
