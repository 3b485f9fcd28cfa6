"""Speed and memory, side by side with the named peers: `make bench`."""
