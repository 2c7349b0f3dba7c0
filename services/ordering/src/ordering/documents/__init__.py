"""Workbooks that members download and upload."""
