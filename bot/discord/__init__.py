"""Discord: everything that knows discord.py."""
