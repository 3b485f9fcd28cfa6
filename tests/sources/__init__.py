"""The sources: what arrives, and what is kept out."""
