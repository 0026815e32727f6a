"""A report: what was chosen, as one file that opens offline. It knows no page and no session."""
