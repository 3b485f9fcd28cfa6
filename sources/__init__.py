"""Where news lives and how it is written: due times, fetching, parsing, stories."""
