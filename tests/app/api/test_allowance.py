from app.api import allowance
from app.api.allowance import Allowance


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_and_then_one_at_a_time() -> None:
    clock = Clock()
    three = Allowance(3, 60, clock)
    assert [three.take("ann") for _ in range(4)] == [0, 0, 0, 20]
    clock.now += 19
    assert three.take("ann") == 1
    clock.now += 1
    assert [three.take("ann"), three.take("ann")] == [0, 20]
    clock.now += 60
    assert [three.take("ann") for _ in range(3)] == [0, 0, 0]


def test_callers_do_not_share_and_what_is_given_back_is_all_of_it() -> None:
    one = Allowance(1, 60, Clock())
    assert [one.take("ann"), one.take("bob")] == [0, 0]
    assert one.take("ann") > 0
    one.give_back("ann")
    assert one.take("ann") == 0


def test_callers_who_have_all_of_it_are_forgotten(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(allowance, "MANY", 10)
    clock = Clock()
    one = Allowance(1, 60, clock)
    for number in range(100):
        clock.now += 10
        one.take(str(number))
    assert len(one._full) <= 11
