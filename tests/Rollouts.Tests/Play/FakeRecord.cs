using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Policies;

namespace SandQueue.Rollouts.Tests.Play;

/// <summary>Turns in memory.</summary>
internal sealed class FakeRecord : IRolloutRecord
{
    public List<PolicyTurn> Turns { get; } = [];

    public Func<int, Task>? BeforeAppend { get; set; }

    public Task<IReadOnlyList<PolicyTurn>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<PolicyTurn>>([.. Turns]);

    public async Task AppendAsync(int number, PolicyTurn turn, CancellationToken cancellationToken)
    {
        if (BeforeAppend is { } before) await before(number);
        number.ShouldBe(Turns.Count + 1);
        Turns.Add(turn);
    }
}
