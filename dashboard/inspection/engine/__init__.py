"""What every inspection stands on: isolated copies, capture and routing of calls, how a network computes fastest."""
