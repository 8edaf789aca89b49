"""A loop over a Gymnasium VectorEnv of a farm: 8 lakes, moves drawn by chance, and a mean over the episodes that are valid. Needs ``gymnasium``."""

from __future__ import annotations

import os
import random

from sandqueue.adapters.gymnasium import SandQueueVectorEnv


def main(steps: int = 100) -> tuple[list[float], int]:
    envs = SandQueueVectorEnv(
        "frozenlake", 8, url=os.environ.get("SANDQUEUE_URL", "http://127.0.0.1:8080"), key=os.environ.get("SANDQUEUE_KEY"), params={"max_steps": 20}
    )
    draws = random.Random(1)
    returns, totals, invalid = list[float](), [0.0] * 8, 0
    envs.reset(seed=1)
    for _ in range(steps):
        moves = [f"<action>{draws.choice(['left', 'down', 'right', 'up'])}</action>" for _ in range(8)]
        _, rewards, terminated, truncated, infos = envs.step(moves)
        for place in range(8):
            if not infos["valid"][place]:
                # Its reward is NaN: the episode counts for nothing.
                invalid += bool(truncated[place])
                totals[place] = 0.0
                continue
            totals[place] += float(rewards[place])
            if terminated[place] or truncated[place]:
                returns.append(totals[place])
                totals[place] = 0.0
    envs.close()
    return returns, invalid


if __name__ == "__main__":
    episodes, without_reward = main()
    print(f"{len(episodes)} valid episodes, mean {sum(episodes) / max(len(episodes), 1):.3f}; {without_reward} had no valid reward")
