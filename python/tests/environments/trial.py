"""Does what the agent says, so that tests can have every end there is."""

from __future__ import annotations

import os
import signal
import threading

from sandqueue.environment import AgentMessage, Environment, Instance, Observation, Opening, Parameters, tool


class Run(Instance):
    def __init__(self) -> None:
        self.score, self.steps = 0.0, 0

    def opening(self) -> Opening:
        return Opening("Do something.", "Go on.")

    def step(self, message: AgentMessage) -> Observation:
        self.steps += 1
        if message.calls:
            return self.call_tools(message)
        what, _, rest = message.text.strip().partition(" ")
        return self.do(what, rest)

    @tool
    def do(self, what: str, rest: str = "") -> Observation:
        """
        Does something.

        Args:
            what: say, score, end, throw, nan, hang or crash.
            rest: The text, or the score.
        """
        if what == "score":
            self.score = float(rest)
            return Observation("noted")
        if what == "end":
            self.score = float(rest or self.score)
            return Observation("the end", reward=self.score, end_reason="ended")
        if what == "throw":
            raise RuntimeError("thrown as it was asked to")
        if what == "nan":
            return Observation("nan", reward=float("nan"))
        if what == "hang":
            threading.Event().wait(float(rest))
        if what == "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        return Observation(f"{self.steps}: {rest}")

    def evaluate(self) -> float:
        return self.score


class Trial(Environment):
    unlimited = True

    def tasks(self, split: str) -> list[str]:
        return [str(task) for task in range(10)]

    def create(self, task_id: str, params: Parameters) -> Run:
        return Run()


class TrialUnreplayable(Trial):
    replayable = False
