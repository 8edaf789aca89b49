"""Inspect's logs of batches: a rollout that has no reward is a sample with an error, and never a score."""

from __future__ import annotations

from pathlib import Path

from doubles.inspect_ai import written
from fake_farm import ENDS, rollout

from sandqueue import RolloutItem, SandQueue
from sandqueue.rollouts import Rollout


def test_a_batch_is_a_log(tmp_path: Path) -> None:
    from sandqueue.adapters.inspect_ai import write_log

    rollouts = [Rollout.read(rollout(f"r{place}", name, place)) for place, name in enumerate(ENDS)]
    log = write_log(rollouts, str(tmp_path / "log.eval"), task="trial")
    assert written[str(tmp_path / "log.eval")] is log
    assert [bool(sample.scores) for sample in log.samples] == [one.valid for one in rollouts]
    assert all(bool(sample.error) != bool(sample.scores) for sample in log.samples)
    assert log.results.scores[0].metrics["mean"].value == 0.5 / 4 and log.results.completed_samples == 4 and log.results.total_samples == len(ENDS)


def test_a_log_has_what_was_said(queue: SandQueue, tmp_path: Path) -> None:
    from sandqueue.adapters.inspect_ai import write_log

    call = {"role": "assistant", "content": None, "tool_calls": [{"id": "c", "type": "function", "function": {"name": "do", "arguments": '{"what": "say"}'}}]}
    broken = {"role": "assistant", "content": "", "tool_calls": [{"id": "d", "type": "function", "function": {"name": "do", "arguments": "{"}}]}
    batch = queue.start_batch("trial", items=[RolloutItem("1", actions=[call, broken, "end 1"]), RolloutItem("2", actions=["throw"])])
    batch.wait()
    log = write_log(list(batch.results()), str(tmp_path / "log.eval"), task="trial", episodes=batch.export())
    first, second = sorted(log.samples, key=lambda sample: sample.id)
    assert [one.role for one in first.messages] == ["system", "user", "assistant", "tool", "assistant", "tool", "assistant", "user"] and first.input == "Go on."
    assert first.messages[2].tool_calls[0].arguments == {"what": "say"} and first.messages[3].tool_call_id == "c"
    assert "parse_error" in vars(first.messages[4].tool_calls[0]) and first.messages[6].content == "end 1"
    assert [one.role for one in second.messages] == ["system", "user"] and second.error and not second.scores
