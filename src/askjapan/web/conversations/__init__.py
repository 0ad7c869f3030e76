"""Messages of one browser come in; they are kept on disk and go out again, as files too; it may import `citations`."""
