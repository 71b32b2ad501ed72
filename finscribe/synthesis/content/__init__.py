"""What happened: who sold what to whom, in the words and by the habits of many countries."""
