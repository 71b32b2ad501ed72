"""What reviewers teach: the application's way to the queue of training examples."""
