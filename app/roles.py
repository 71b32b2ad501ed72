"""What somebody may do: three roles, each of which may do what those below it may."""

from enum import StrEnum


class Role(StrEnum):
    """Reviewers look at documents and correct them, trainers teach models from that, admins delete and decide."""

    REVIEWER = "reviewer"
    TRAINER = "trainer"
    ADMIN = "admin"

    def covers(self, other: "Role") -> bool:
        """Whether this role may do what the other one may."""
        order = list(Role)
        return order.index(self) >= order.index(other)
