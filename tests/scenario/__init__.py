"""The gate under every interleaving: random lives, several processes, crashes, a moving clock."""
