"""Which pictures that a network learned from pull its answer to another, and by how much."""
