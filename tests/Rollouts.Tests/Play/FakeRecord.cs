using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Policies;

namespace SandQueue.Rollouts.Tests.Play;

/// <summary>Turns in memory.</summary>
internal sealed class FakeRecord : IRolloutRecord
{
    public SortedDictionary<int, PolicyTurn> Turns { get; } = [];

    public Func<int, Task>? BeforeAppend { get; set; }

    /// <summary>Whether another worker has the rollout by now.</summary>
    public bool IsLost { get; set; }

    /// <summary>Turns of a page.</summary>
    public int PageTurns { get; set; } = 2;

    public Task<RecordedTurns> ReadAsync(int after, CancellationToken cancellationToken)
    {
        var behind = Turns.Where(turn => turn.Key > after).ToList();
        var page = behind.Take(PageTurns).ToDictionary();
        return Task.FromResult(new RecordedTurns(page, behind.Count > page.Count ? page.Keys.Max() : null));
    }

    public async Task AppendAsync(int number, PolicyTurn turn, CancellationToken cancellationToken)
    {
        if (BeforeAppend is { } before) await before(number);
        Turns.Add(number, turn);
    }

    public Task ConfirmAsync(CancellationToken cancellationToken) => IsLost ? Task.FromException(new ClaimLostException("it is another worker's now")) : Task.CompletedTask;
}
