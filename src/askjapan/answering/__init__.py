"""Ranked passages come in; an answer made of quotes, or a refusal, goes out; it may import `retrieval` and what lies below."""
