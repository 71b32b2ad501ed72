"""The web application on the engine: what knows HTTP."""
