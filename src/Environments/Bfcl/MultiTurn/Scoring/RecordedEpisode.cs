using SandQueue.Environments.Bfcl.MultiTurn.Services;

namespace SandQueue.Environments.Bfcl.MultiTurn.Scoring;

/// <summary>Checks an episode that is there as a whole: turns of steps of calls.</summary>
internal static class RecordedEpisode
{
    public static Failure? Check(IReadOnlyList<Service> start, GroundTruth truth, IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> turns)
    {
        var check = new TurnByTurnCheck(truth);
        var services = new ServiceSet(start);
        foreach (var steps in turns)
        {
            foreach (var call in steps.SelectMany(step => step)) check.Record(services.Execute(call));
            // The official test for an empty turn: no steps, or a single one without calls.
            check.EndTurn(called: steps.Count > 1 || steps is [{ Count: > 0 }], services);
        }

        return check.Verdict();
    }
}
