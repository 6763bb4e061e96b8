"""Tests of the fax documents: T.4 data, TIFF-F files, text pages, files of a user."""
