"""What each page shows, as plain values: a snapshot in, a template's name and its words out."""
