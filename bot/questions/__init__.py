"""What people ask about spend, and what answers hold: words to a question, and the shapes of answers."""
