"""What inspection returns and charts draw: frozen records of numpy arrays, one module per subject."""
