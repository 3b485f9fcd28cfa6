"""What is asked and what is answered, one file per question. Each takes a View, gives a Message."""
