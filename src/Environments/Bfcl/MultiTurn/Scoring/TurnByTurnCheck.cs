using SandQueue.Environments.Bfcl.MultiTurn.Services;

namespace SandQueue.Environments.Bfcl.MultiTurn.Scoring;

/// <summary>
/// The official check of one episode, turn by turn as it goes on. Of the results it keeps only how often each one came
/// that the ground truth wants: nothing else can decide.
/// </summary>
internal sealed class TurnByTurnCheck(GroundTruth truth)
{
    private readonly int[] _seen = new int[truth.ResultCount];

    /// <summary>A copy to try turns on while this one goes on.</summary>
    public TurnByTurnCheck Fork()
    {
        var fork = new TurnByTurnCheck(truth) { Failure = Failure, TurnsEnded = TurnsEnded };
        _seen.CopyTo(fork._seen, 0);
        return fork;
    }

    /// <summary>The first failure; later turns are not looked at, as there.</summary>
    public Failure? Failure { get; private set; }

    public int TurnsEnded { get; private set; }

    public void Record(string result)
    {
        if (truth.PlaceOf(result) is { } place) _seen[place]++;
    }

    /// <summary>Checks the turn that just ended.</summary>
    /// <param name="called">Whether the agent called anything in it.</param>
    /// <param name="services">The services as the agent left them.</param>
    public void EndTurn(bool called, ServiceSet services)
    {
        var number = TurnsEnded++;
        if (Failure is not null || number >= truth.TurnCount || !truth[number].HasCalls) return;
        Failure = Judge(number, truth[number], called, services);
    }

    /// <summary>The verdict for the whole episode; null where it passes.</summary>
    public Failure? Verdict() => Verdict(truth.TurnCount);

    /// <summary>The verdict for an episode of the first turns alone; null where it passes.</summary>
    public Failure? Verdict(int turns) => Failure ?? (TurnsEnded == turns
        ? null
        : new Failure("multi_turn:force_terminated", null, $"{TurnsEnded} of {turns} turns were played to their end."));

    private Failure? Judge(int number, GroundTruth.Turn turn, bool called, ServiceSet services)
    {
        if (!called) return new Failure("multi_turn:empty_turn_model_response", number, $"Nothing was called in turn {number}.");

        if (services.FirstDifference(turn.After) is { } className)
        {
            return new Failure("multi_turn:instance_state_mismatch", number, $"After turn {number} the state of {className} differs from the ground truth's.");
        }

        return turn.Results.All(result => _seen[result.Place] >= result.Times)
            ? null
            : new Failure("multi_turn:execution_response_mismatch", number, $"By the end of turn {number} some results of the ground truth had not been seen.");
    }
}
