"""The checks behind `finscribe.validate`, one file for each thing that they look at."""
