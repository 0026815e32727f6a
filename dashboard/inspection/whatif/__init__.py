"""What the answer would be if the picture were another."""
