"""Passages come in; one folder on disk goes out and is opened again and searched; it may import `documents` and what lies below."""
