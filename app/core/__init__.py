"""What the application is made of, apart from HTTP."""
