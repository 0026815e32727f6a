"""What the page of texts is made of."""
