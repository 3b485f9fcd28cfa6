"""Discord, driven over its real protocol against the server in `server.py`."""
