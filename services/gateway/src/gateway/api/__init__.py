"""The one door: what happens to a request before it is handed on, and to the answer on its way back."""
