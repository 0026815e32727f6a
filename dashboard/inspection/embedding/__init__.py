"""Features of many pictures at one place of a network, laid out in two axes."""
