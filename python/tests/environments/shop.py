"""A shop with tools, whose step is awaited."""

from __future__ import annotations

import asyncio
from typing import Literal

from sandqueue.environment import AgentMessage, AgentMistake, Environment, Instance, Observation, Opening, Parameters, tool

GOODS = {"cup": 3.0, "book": 8.0, "lamp": 20.0}


class Visit(Instance):
    def __init__(self, wanted: str) -> None:
        self.wanted, self.bought = wanted, ""

    def opening(self) -> Opening:
        return Opening("You are in a shop.", f"Buy a {self.wanted}.")

    async def step(self, message: AgentMessage) -> Observation:
        await asyncio.sleep(0)
        return self.call_tools(message)

    @tool
    def search(self, words: str, most: int = 3, order: Literal["price", "name"] = "name") -> str:
        """
        Looks for goods.

        Args:
            words: What to look for.
            most: How many to show at most.
            order: By what the goods are ordered.
        """
        found = sorted((name for name in GOODS if words in name), key=lambda name: GOODS[name] if order == "price" else name)
        return ", ".join(f"{name} {GOODS[name]:.2f}" for name in found[:most]) or "Nothing."

    @tool
    def buy(self, name: str) -> Observation:
        """
        Buys something. That ends the visit.

        Args:
            name: What to buy.
        """
        if name not in GOODS:
            raise AgentMistake(f"There is no {name[:50]} here.")
        self.bought = name
        return Observation(f"You bought a {name}.", reward=float(name == self.wanted), end_reason="bought")

    def evaluate(self) -> float:
        return float(self.bought == self.wanted)


class Shop(Environment):
    def tasks(self, split: str) -> list[str]:
        return list(GOODS)

    def create(self, task_id: str, params: Parameters) -> Visit:
        return Visit(task_id)
