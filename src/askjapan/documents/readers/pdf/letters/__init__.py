"""The letters of a PDF page come in; its lines in the order of reading go out; it may import `pdfium`."""
