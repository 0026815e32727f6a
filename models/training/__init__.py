"""Training: a typed configuration in, a folder that any process can read at any time out."""
