"""What is worth telling about a week, in which words and pictures; owed to whom; sent once."""
