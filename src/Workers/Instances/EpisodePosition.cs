using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Instances;

/// <summary>Where an instance's episode stands in the journal, as far as its owner knows without asking.</summary>
/// <param name="maxSteps">How many steps the caller allows; null for no limit.</param>
internal sealed class EpisodePosition(int? maxSteps)
{
    private readonly HashSet<string> _recorded = new(StringComparer.Ordinal);
    private string? _undeliveredEarly;

    public int? MaxSteps => maxSteps;

    /// <summary>The number of the next step, from 1.</summary>
    public int NextStep { get; private set; } = 1;

    /// <summary>How the episode ended; null while it goes on.</summary>
    public EpisodeEnd? End { get; private set; }

    /// <summary>Why the episode ended; null while it goes on.</summary>
    public string? EndReason => End?.Reason;

    /// <summary>The last step, for callers who send it again without saying so; null where none was taken here.</summary>
    public LastStep? LastStep { get; private set; }

    /// <summary>Whether a command has an end, as far as is known here: sent again, it gets that end and does not reach the environment.</summary>
    public bool IsRecorded(string commandId) => _recorded.Contains(commandId);

    /// <summary>A command has an end in the journal.</summary>
    public void Record(string commandId) => _recorded.Add(commandId);

    /// <summary>Moves on once a step is committed.</summary>
    public void Step(LastStep step, EpisodeEnd? end)
    {
        (NextStep, End, LastStep) = (step.Number + 1, end, step);
        Record(step.CommandId);
        if (_undeliveredEarly is { } early) step.Undelivered(early);
        _undeliveredEarly = null;
    }

    /// <summary>
    /// Goes on where its row says the episode stands. The row has no more of an end than its reason; whatever needs the rest needs the
    /// instance, which is rebuilt from the journal first.
    /// </summary>
    public void MoveTo(int nextStep, string? endReason) =>
        (NextStep, End) = (nextStep, endReason is null ? null : new EpisodeEnd(endReason, IsTruncated: endReason == EpisodeEnd.MaxSteps));

    /// <summary>Goes on where a rebuilt instance stands, and with the commands that took effect before.</summary>
    public void MoveTo(int nextStep, EpisodeEnd? end, IEnumerable<string> recorded)
    {
        (NextStep, End) = (nextStep, end);
        _recorded.UnionWith(recorded);
    }

    /// <summary>The caller of a step had hung up before the answer reached it. Word of that may overtake the step.</summary>
    public void Undelivered(string commandId)
    {
        if (LastStep?.Undelivered(commandId) != true) _undeliveredEarly = commandId;
    }
}
