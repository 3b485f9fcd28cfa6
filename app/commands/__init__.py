"""The words of the command line, one file each; what they do is imported only when they are called."""
