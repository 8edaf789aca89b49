"""The example scripts, with doubles of what they import, against a real embedded gateway."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import math
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from doubles import gymnasium, inspect_ai, rllm, skyrl, trl  # noqa: F401
from doubles.modules import install
from fake import FakeServer
from gateway import PACKAGE, Gateway

EXAMPLES = sorted((PACKAGE / "examples").glob("*.py"))


class Dataset:
    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows

    from_list = classmethod(lambda kind, rows: kind(rows))

    def to_parquet(self, path: str) -> None:
        Path(path).write_text(json.dumps(self.rows))


@pytest.fixture(autouse=True)
def around(gateway: Gateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SANDQUEUE_URL", gateway.url)
    monkeypatch.chdir(tmp_path)
    install("datasets", Dataset=Dataset)


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PACKAGE / "examples" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_trl() -> None:
    trained: list[Any] = []

    class GRPOTrainer:
        def __init__(self, model: str, args: Any, train_dataset: Any, environment_factory: Any) -> None:
            rows = train_dataset.rows
            assert len(rows) == 256 and {row["environment"] for row in rows} == set(environment_factory)
            assert [message["role"] for message in rows[0]["prompt"]] == ["system", "user"]
            self.environment = environment_factory[rows[0].pop("environment")]()
            self.row = {name: value for name, value in rows[0].items()}

        def train(self) -> None:
            self.environment.reset(**self.row)
            assert "You go" in self.environment.move(direction="down")
            trained.append(self.environment.get_reward())

    install("trl", GRPOConfig=lambda **_: None, GRPOTrainer=GRPOTrainer)
    loaded("trl_grpo").main()
    assert trained == [0.0]


def test_verl_and_slime(tmp_path: Path) -> None:
    options = loaded("verl_grpo").main(tmp_path / "verl", most_tasks=3)
    rows = json.loads((tmp_path / "verl/train.parquet").read_text())
    assert len(rows) == 3 and all(row["agent_name"] == "sandqueue" and row["task_id"] and row["prompt"] for row in rows)
    assert "_target_: sandqueue.adapters.verl.SandQueueAgentLoop" in (tmp_path / "verl/agent_loop.yaml").read_text() and "trainer.use_v1=true" in options
    options = loaded("slime_data").main(tmp_path / "rows.jsonl", most_tasks=3)
    assert [json.loads(line)["metadata"]["env_type"] for line in (tmp_path / "rows.jsonl").read_text().splitlines()] == ["frozenlake"] * 3
    assert sum("sandqueue.adapters.slime." in option for option in options) == 2


def test_areal() -> None:
    given: dict[str, Any] = {}

    class PPOTrainer:
        def __init__(self, config: Any, train_dataset: Any) -> None:
            given.update(rows=train_dataset.rows)

        def __enter__(self) -> PPOTrainer:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def train(self, workflow: str, workflow_kwargs: dict[str, Any]) -> None:
            module, _, name = workflow.rpartition(".")
            given.update(agent=getattr(importlib.import_module(module), name)(**workflow_kwargs))

    install("areal", PPOTrainer=PPOTrainer)
    install("areal.api.cli_args", GRPOConfig=object, load_expr_config=lambda arguments, kind: (None, None))
    loaded("areal_grpo").main([], most_tasks=2)
    assert len(given["rows"]) == 2 and asyncio.iscoroutinefunction(given["agent"].run)


def test_rllm() -> None:
    moves = iter(range(10_000))

    def complete(method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        call = {"id": f"c{next(moves)}", "type": "function", "function": {"name": "move", "arguments": '{"direction": "up"}'}}
        return 200, {"choices": [{"message": {"role": "assistant", "content": None, "tool_calls": [call]}}]}

    with FakeServer(complete) as endpoint:
        assert asyncio.run(loaded("rllm_remote").main(f"{endpoint.url}/v1", "model")) == [0.0] * 4


def test_skyrl() -> None:
    registered: dict[str, str] = {}

    class Experiment:
        def __init__(self, cfg: Any) -> None:
            self.cfg = cfg

        def run(self) -> None:
            self.generator = self.get_generator(self.cfg, "tokenizer", "client")  # type: ignore[attr-defined]
            assert isinstance(self.generator, Made) and self.generator.given["tokenizer"] == "tokenizer"

    class Made:
        def __init__(self, **given: Any) -> None:
            self.given = given

    def remote(**_: Any) -> Any:
        return lambda function: SimpleNamespace(remote=function)

    cfg = SimpleNamespace(generator=1, environment=SimpleNamespace(skyrl_gym=2), trainer=SimpleNamespace(policy=SimpleNamespace(model=SimpleNamespace(path="m"))))
    install("hydra", main=lambda **_: lambda function: lambda: function(cfg))
    install("ray", remote=remote, get=lambda value: value)
    install("skyrl_gym.envs", register=lambda id, entry_point: registered.update({id: entry_point}))
    install("skyrl_train.entrypoints.main_base", BasePPOExp=Experiment, config_dir="", validate_cfg=lambda cfg: None)
    install("skyrl_train.generators.skyrl_gym_generator", SkyRLGymGenerator=Made)
    install("skyrl_train.utils", initialize_ray=lambda cfg: None)
    loaded("skyrl_main").main()
    module, _, name = registered["sandqueue"].partition(":")
    assert getattr(importlib.import_module(module), name).__name__ == "SandQueueEnv"


def test_gymnasium() -> None:
    returns, invalid = loaded("gymnasium_loop").main(steps=30)
    assert returns and invalid == 0 and all(not math.isnan(one) for one in returns)


def test_inspect(tmp_path: Path) -> None:
    asked: list[Any] = []
    install("inspect_ai", eval=lambda task, **given: asked.append((task, given)))
    module = loaded("inspect_eval")
    module.evaluate("openai/none", most_tasks=2)
    assert len(asked[0][0].dataset) == 2 and asked[0][1]["fail_on_error"] == 0.1
    log = module.log_of_a_batch(str(tmp_path / "log.eval"), most_tasks=2)
    assert log.results.completed_samples == 2 and all(sample.messages[-1].role in ("tool", "user") for sample in log.samples)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_each_is_named_on_its_page(path: Path) -> None:
    page = {"inspect_eval": "inspect"}.get(path.stem, path.stem.partition("_")[0])
    assert f"../examples/{path.name}" in (PACKAGE / "docs" / f"{page}.md").read_text()
