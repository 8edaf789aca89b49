using SandQueue.Storage.Journal;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Replay;

/// <summary>
/// One recorded command of an episode and how it came out when it was run again. Whoever needs a verdict stops at the first
/// <see cref="Differing"/>; whoever measures reads on and counts.
/// </summary>
internal abstract record ReplayedCommand
{
    private ReplayedCommand(RecordedCommand recorded) => Recorded = recorded;

    /// <summary>The command in the journal: its kind, its number, and what it was given then.</summary>
    public RecordedCommand Recorded { get; }

    /// <summary>What the replay observed: of a create or a step that was run again or stands for one; null for all else.</summary>
    public virtual Observation? Observed => null;

    /// <summary>A command as a text for people names it: <c>step 3</c>.</summary>
    public static string NameOf(RecordedCommand recorded) => recorded.Step switch
    {
        0 => "the initial state",
        { } step => $"step {step}",
        null => "an evaluation",
    };

    /// <summary>State, reward and end are the same under the environment's canonical form.</summary>
    public sealed record Same(RecordedCommand Recorded, Observation Replayed) : ReplayedCommand(Recorded)
    {
        public override Observation? Observed => Replayed;
    }

    /// <summary>
    /// An action that the environment did not survive when it was recorded. It is never run again: it was no part of the state, and
    /// its observation is ours. <paramref name="Replayed"/> is that observation.
    /// </summary>
    public sealed record NotRun(RecordedCommand Recorded, Observation Replayed) : ReplayedCommand(Recorded)
    {
        public override Observation? Observed => Replayed;
    }

    /// <summary>An evaluation that was repeated because it changes the state. Its score is no observation, so it is not judged.</summary>
    public sealed record Evaluated(RecordedCommand Recorded, EvaluationAnswer Replayed) : ReplayedCommand(Recorded);

    /// <summary>The replay is not the recorded episode.</summary>
    public abstract record Differing : ReplayedCommand
    {
        private protected Differing(RecordedCommand recorded, Observation then)
            : base(recorded) => Then = then;

        /// <summary>What was observed when the command was recorded.</summary>
        public Observation Then { get; }

        /// <summary>The difference in one line for people; both observations are in it.</summary>
        public string Description => $"{NameOf(Recorded)} was {Then} and is now {Now}";

        private protected abstract string Now { get; }
    }

    /// <summary>State, reward or end differ. The replay goes on from here, so later differences may follow from this one.</summary>
    public sealed record Different(RecordedCommand Recorded, Observation Then, Observation Replayed) : Differing(Recorded, Then)
    {
        public override Observation? Observed => Replayed;

        private protected override string Now => Replayed.ToString();
    }

    /// <summary>The environment refuses what it took before, and did nothing.</summary>
    public sealed record Refused(RecordedCommand Recorded, Observation Then, string Reason) : Differing(Recorded, Then)
    {
        private protected override string Now => $"refused: {Reason}";
    }
}
