"""Where things stand: families of layouts, the blocks that they are made of, and the rows of a page."""
