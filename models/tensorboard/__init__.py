"""TensorBoard event files: written, and read fast and as they grow, trusting nobody."""
