"""One file for each trainer. Each is imported where its trainer is, and says for which version it was written."""
