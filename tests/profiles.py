"""How many examples properties are tried with: a few that are always the same, or thousands of random ones."""

import os

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "usual")

settings.register_profile("thorough", max_examples=3000, deadline=None, derandomize=False, print_blob=True)


def examples(usual: int) -> settings:
    """For a property: `usual` examples, the same in every run; with HYPOTHESIS_PROFILE=thorough 3,000 random ones."""
    if PROFILE != "usual":
        return settings.get_profile(PROFILE)
    return settings(deadline=None, max_examples=usual, derandomize=True)
