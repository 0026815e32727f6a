"""Many runs that differ in a few settings, chosen and cut short by rule, so that the best settings are found."""
