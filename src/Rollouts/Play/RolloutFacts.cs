using System.Globalization;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Results;

namespace SandQueue.Rollouts.Play;

/// <summary>What a rollout has come to so far, whatever its end will be.</summary>
/// <param name="instanceId">The name of its instance.</param>
internal sealed class RolloutFacts(string instanceId)
{
    private const int MostFaultsNamed = 5;

    private static readonly string[] Counted = ["prompt_tokens", "completion_tokens", "total_tokens"];

    private readonly List<double> _rewards = [];
    private readonly List<int> _faults = [];
    private JsonObject? _provenance;
    private JsonObject? _usage;
    private string? _endReason;
    private bool _isTruncated;
    private double _environmentMs;

    /// <summary>Whether its instance was made.</summary>
    public bool IsCreated { get; private set; }

    /// <summary>Milliseconds in which the policy decided.</summary>
    public double PolicyMs { get; set; }

    public void Created(EpisodeAnswer answer, CommandTiming timing)
    {
        IsCreated = true;
        _provenance = answer.Provenance;
        _environmentMs += timing.Environment;
    }

    public void Stepped(int step, EpisodeAnswer answer, CommandTiming timing)
    {
        _rewards.Add(answer.Reward);
        _environmentMs += timing.Environment;
        if (answer.IsAgentFault) _faults.Add(step);
        if (answer.IsTerminated) (_endReason, _isTruncated) = (answer.EndReason ?? "terminated", answer.IsTruncated);
    }

    public void Evaluated(CommandTiming timing) => _environmentMs += timing.Environment;

    /// <summary>The policy, or a limit of its, ended it.</summary>
    public void Stopped(string reason) => (_endReason, _isTruncated) = (reason, StopReasons.IsLimit(reason));

    /// <summary>Adds what an endpoint said that it used.</summary>
    public void Used(byte[] answer)
    {
        if (TurnUsage.Read(answer) is not { } usage) return;
        _usage ??= [];
        foreach (var name in Counted)
        {
            if (TurnUsage.Number(usage, name) is { } tokens) _usage[name] = (_usage[name]?.GetValue<long>() ?? 0) + tokens;
        }
    }

    /// <summary>The result of an end, with all that is known beside it.</summary>
    public RolloutResult Result(CommandEnd end) => new()
    {
        End = end,
        EndReason = _endReason,
        IsTruncated = _isTruncated,
        StepRewards = _rewards,
        Provenance = _provenance,
        Usage = _usage,
        InstanceId = IsCreated ? instanceId : null,
        PolicyMs = PolicyMs,
        EnvironmentMs = _environmentMs,
    };

    /// <summary>It was played to its end and has a score.</summary>
    public RolloutResult Completed(double reward, JsonObject? evaluation) => Result(CommandEnd.Completed) with
    {
        Reward = reward,
        Evaluation = evaluation,
        Cause = _faults.Count > 0 ? RolloutCause.Agent : null,
        Detail = _faults.Count > 0 ? $"the environment did not survive the action of step {Faults()}, twice; it was answered with a reward of 0, and the episode went on" : null,
    };

    private string Faults()
    {
        var named = string.Join(", ", _faults.Take(MostFaultsNamed).Select(step => step.ToString(CultureInfo.InvariantCulture)));
        return _faults.Count > MostFaultsNamed ? $"{named} and {_faults.Count - MostFaultsNamed} more" : named;
    }
}
