"""The calling side of a Gymnasium VectorEnv with autoreset NextStep: a trainer that masks by infos, as NaN asks it to."""

from __future__ import annotations

import enum
import math
from types import SimpleNamespace
from typing import Any

from .cases import Case, Trained
from .modules import install


class AutoresetMode(enum.Enum):
    NEXT_STEP = "NextStep"


class VectorEnv:
    metadata: dict[str, Any] = {}


install("gymnasium", vector=SimpleNamespace(VectorEnv=VectorEnv, AutoresetMode=AutoresetMode), spaces=SimpleNamespace(Text=lambda most: ("text", most), Tuple=tuple))


def train(cases: list[Case]) -> Trained:
    from sandqueue.adapters.gymnasium import SandQueueVectorEnv

    returns: list[float] = []
    for case in cases:
        # One environment of its own for each: the cases differ in what they play.
        env = SandQueueVectorEnv(case.env_type, 1, url=case.url, tasks=["1"], params=case.params, deadline=60 if case.params else 4)
        shown, infos = env.reset(seed=1)
        assert shown[0].startswith("Do something.") and list(infos["valid"]) == [True]
        total = 0.0
        for _ in range(6):
            shown, rewards, ended, cut, infos = env.step([case.next_text()])
            total += float(rewards[0])
            assert math.isnan(rewards[0]) == (not infos["valid"][0])
            if ended[0] or cut[0]:
                assert infos["valid"][0] or (infos["cause"][0] and infos["detail"][0])
                break
        returns.append(total)
        env.close()
    valid = [one for one in returns if not math.isnan(one)]
    return Trained(sum(valid) / len(valid) if valid else None, [not math.isnan(one) for one in returns])
