"""Every heavy result that can be asked for: what determines each, and the work that makes it. No page, no session."""
