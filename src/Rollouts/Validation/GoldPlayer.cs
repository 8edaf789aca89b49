using System.Text.Json;
using SandQueue.Rollouts.Policies;

namespace SandQueue.Rollouts.Validation;

/// <summary>Plays the environment's own solution.</summary>
internal sealed class GoldPlayer(ISolutionSource solutions, string tenant) : ITrialPlayer
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private Queue<byte[]>? _left;

    public double? Maximum { get; private set; }

    public async Task<byte[]?> NextAsync(string instanceId, JsonElement tools, CancellationToken cancellationToken)
    {
        if (_left is null)
        {
            var solution = await solutions.FindAsync(tenant, instanceId, Longest, cancellationToken);
            if (solution.Messages.Count == 0) throw new PolicyException("the environment knows no solution of this task", isRetryable: false);
            (_left, Maximum) = (new Queue<byte[]>(solution.Messages), solution.Maximum);
        }

        return _left.TryDequeue(out var message) ? message : null;
    }
}
