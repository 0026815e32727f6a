"""What numbers say, in sentences that pages and reports share. No page, no chart."""
