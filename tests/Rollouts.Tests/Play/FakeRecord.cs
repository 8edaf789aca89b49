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

    public Task<IReadOnlyDictionary<int, PolicyTurn>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyDictionary<int, PolicyTurn>>(new Dictionary<int, PolicyTurn>(Turns));

    public async Task AppendAsync(int number, PolicyTurn turn, CancellationToken cancellationToken)
    {
        if (BeforeAppend is { } before) await before(number);
        Turns.Add(number, turn);
    }

    public Task ConfirmAsync(CancellationToken cancellationToken) => IsLost ? Task.FromException(new ClaimLostException("it is another worker's now")) : Task.CompletedTask;
}
