"""What the rest runs in: memory, threads, randomness, downloads, the terminal, errors and progress."""
