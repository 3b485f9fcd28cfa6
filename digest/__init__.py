"""What is worth telling about a week, in which words and pictures; which weeks are owed to whom."""
