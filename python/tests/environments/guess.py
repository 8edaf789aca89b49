"""Guess a number from 1 to 100: an environment of texts."""

from __future__ import annotations

import re

from sandqueue.environment import AgentMessage, CallerMistake, Environment, Evaluation, Instance, Observation, Opening, Parameters


class Game(Instance):
    def __init__(self, number: int, most: int) -> None:
        self.number, self.most, self.guesses, self.right = number, most, 0, False

    def opening(self) -> Opening:
        return Opening("{{rules}}", "What is your guess?", {"rules": self.describe()})

    def step(self, message: AgentMessage) -> Observation:
        found = re.findall(r"[0-9]{1,9}", message.text)
        self.guesses += 1
        if not found:
            return Observation("There is no number in your message.")
        guess = int(found[-1])
        self.right = guess == self.number
        if self.right:
            return Observation("Right!", reward=1.0, end_reason="right")
        if self.guesses >= self.most:
            return Observation(f"Wrong, and that was the last guess. It was {self.number}.", end_reason="no_guesses_left")
        return Observation("Higher." if guess < self.number else "Lower.")

    def evaluate(self) -> Evaluation:
        return Evaluation(float(self.right), {"guesses": self.guesses})

    def describe(self) -> str:
        return f"Guess a whole number from 1 to 100. You have {self.most} guesses."


class Guess(Environment):
    parameters = {"guesses": int}
    unlimited = True

    def tasks(self, split: str) -> list[str]:
        return [str(task) for task in range(100)]

    def create(self, task_id: str, params: Parameters) -> Game:
        if not re.fullmatch("[0-9]{1,9}", task_id):
            raise CallerMistake(f"guess has no task {task_id!r}; ids are numbers")
        return Game(params.random().randrange(1, 101), params.get("guesses", 7))
