"""Mails: what each occasion says, in Korean, as HTML and as text."""
