"""Wires real things together; the only reader of the clock and the environment."""
