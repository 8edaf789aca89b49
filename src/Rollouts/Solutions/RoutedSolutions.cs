using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Rollouts.Policies;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Rollouts.Solutions;

/// <summary>Asks the environments of live instances, by a command that no door has, and asks again while there is no room, or its end is unknown.</summary>
public sealed class RoutedSolutions(ICommandRouter router, TimeProvider time) : ISolutionSource
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<Solution> FindAsync(string tenant, string instanceId, TimeSpan remaining, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var backoff = FirstBackoff; ; backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff)
        {
            var command = new SolveInstance
            {
                CommandId = Guid.CreateVersion7().ToString("n"),
                Tenant = tenant,
                InstanceId = instanceId,
                RemainingMs = (int)Math.Clamp(Math.Ceiling((remaining - time.GetElapsedTime(began)).TotalMilliseconds), 1, int.MaxValue),
            };
            var (outcome, problem) = await AskAsync(command, cancellationToken);
            if (outcome is CommandOutcome.Completed completed) return Read(completed.Answer, instanceId);
            if (!IsPassing(outcome) || backoff >= remaining - time.GetElapsedTime(began)) throw Problem(outcome, problem, instanceId);
            await Task.Delay(backoff, time, cancellationToken);
        }
    }

    private async Task<(CommandOutcome Outcome, string Problem)> AskAsync(SolveInstance command, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await router.SendAsync(command, cancellationToken);
            return (outcome, outcome is CommandOutcome.Refusal refusal ? refusal.Detail : "no answer came in time");
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return (new CommandOutcome.Unknown(), $"the database is away: {exception.GetBaseException().Message}");
        }
    }

    private static bool IsPassing(CommandOutcome outcome) => outcome is CommandOutcome.Unknown
        or CommandOutcome.Refusal { Reason: CommandReason.NoCapacity or CommandReason.OverLimit or CommandReason.OwnerChanged or CommandReason.OtherVersion };

    private static PolicyException Problem(CommandOutcome outcome, string problem, string instanceId) => outcome switch
    {
        CommandOutcome.Rejected { Reason: CommandReason.InvalidRequest } => new PolicyException($"policy 'gold' cannot play here: {problem}", refusesEverything: true, isRetryable: false),
        _ => new PolicyException($"instance '{instanceId}' was not asked for its solution: {OneLine.Of(problem)}")
        {
            IsInfrastructure = IsPassing(outcome) || outcome is CommandOutcome.Expired or CommandOutcome.Failed { Reason: CommandReason.Lost or CommandReason.TimedOut },
        },
    };

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
