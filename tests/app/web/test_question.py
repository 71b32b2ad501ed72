import pytest

from app.web.question import READING, Question
from finscribe.validate import Finding


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def failing(code: str) -> Finding:
    return Finding(code, "error", ("currency",), f"{code} fails", None, None)


def test_what_agrees_with_itself_is_not_asked_about(clock: Clock) -> None:
    assert Question(clock).is_settled([])


def test_a_question_is_put_once_about_the_same_checks(clock: Clock) -> None:
    question, total, tax = Question(clock), failing("total"), failing("tax-amount")
    assert not question.is_settled([total, tax])
    clock.now += READING
    assert question.is_settled([total, tax])
    assert question.is_settled([tax])
    assert not question.is_settled([tax, failing("date-order")])


def test_a_key_that_is_pressed_twice_is_no_answer(clock: Clock) -> None:
    question, total = Question(clock), failing("total")
    assert not question.is_settled([total])
    clock.now += READING / 2
    assert not question.is_settled([total])
    clock.now += READING / 2
    assert question.is_settled([total])
