"""Which maps to believe: what the network does when it is asked again, measured for each map."""
