using SandQueue.FaultRuns.Clients;

namespace SandQueue.FaultRuns.Faults;

/// <summary>What callers do to a farm: fill it and hang up, and ask for answers above what a message carries.</summary>
internal sealed class LoadFaults(Crowd crowd, LargeAnswers answers, Random random) : IPartFaults
{
    /// <summary>Each is stored in the journal, and read whole when the run is checked.</summary>
    private const int AnswersAtOnce = 3;

    private Task _crowd = Task.CompletedTask;

    public IReadOnlyDictionary<FaultKind, int> Weights { get; } = new Dictionary<FaultKind, int> { [FaultKind.CallersHangUp] = 2, [FaultKind.LargeAnswers] = 1 };

    public Task<BegunFault?> BeginAsync(FaultKind kind) => Task.FromResult(kind == FaultKind.CallersHangUp ? Fill() : AskForLarge());

    private BegunFault? Fill()
    {
        if (!_crowd.IsCompleted) return null;
        _crowd = crowd.PlayAsync(TimeSpan.FromSeconds(4 + random.Next(8)));
        return new BegunFault($"{crowd.Callers} callers", _crowd);
    }

    private BegunFault AskForLarge()
    {
        int[] sizes = [.. Enumerable.Range(0, AnswersAtOnce).Select(_ => 2 + random.Next(19))];
        foreach (var size in sizes) answers.Ask(size);
        return new BegunFault($"{string.Join(", ", sizes)} MB", Task.CompletedTask);
    }
}
