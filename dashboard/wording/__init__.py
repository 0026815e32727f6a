"""What numbers say, in sentences that pages, charts and reports share. No page, no chart."""
