"""Tests read like the week they describe."""
