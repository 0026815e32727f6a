"""Only what changed: pictures that differ from one picture in a small place are answered from that place on."""
