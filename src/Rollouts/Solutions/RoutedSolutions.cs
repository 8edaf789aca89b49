using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Rollouts.Policies;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Solutions;

/// <summary>Asks the environments of live instances, by a command that no door has.</summary>
public sealed class RoutedSolutions(ICommandRouter router) : ISolutionSource
{
    /// <inheritdoc/>
    public async Task<Solution> FindAsync(string tenant, string instanceId, TimeSpan remaining, CancellationToken cancellationToken)
    {
        var command = new SolveInstance
        {
            CommandId = Guid.CreateVersion7().ToString("n"),
            Tenant = tenant,
            InstanceId = instanceId,
            RemainingMs = (int)Math.Clamp(remaining.TotalMilliseconds, 1, int.MaxValue),
        };
        return await router.SendAsync(command, cancellationToken) switch
        {
            CommandOutcome.Completed completed => Read(completed.Answer, instanceId),
            CommandOutcome.Rejected { Reason: CommandReason.InvalidRequest } refused => throw new PolicyException($"policy 'gold' cannot play here: {refused.Detail}", refusesEverything: true, isRetryable: false),
            CommandOutcome.Refusal refusal => throw new PolicyException($"instance '{instanceId}' was not asked for its solution: {refusal.Detail}"),
            _ => throw new PolicyException($"instance '{instanceId}' was asked for its solution and did not answer in time"),
        };
    }

    private static Solution Read(byte[] answer, string instanceId)
    {
        try
        {
            return Solution.Read(answer);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new PolicyException($"the environment of instance '{instanceId}' answered with something that is no solution", isRetryable: false, innerException: exception);
        }
    }
}
