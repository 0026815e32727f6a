"""Pictures: uploaded bytes, their limits, where they are kept, and the samples on board."""
