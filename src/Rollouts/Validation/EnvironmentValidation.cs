using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using SandQueue.Contracts;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Policies;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Validation;

/// <summary>
/// Plays the tasks of a split with the environment's own solution twice, with nothing, and with noise, and says which tasks are not sound: a task
/// that cannot be won, or is won by doing nothing, teaches nothing, and one that differs the second time cannot be replayed.
/// </summary>
public sealed class EnvironmentValidation(ICommandRouter router, ISolutionSource solutions, TimeProvider time)
{
    /// <summary>Steps of a solution at most: an environment that always knows one more is none that can be won.</summary>
    private const int MostSteps = 10_000;

    /// <summary>Random steps; a play of nothing else would go on for ever.</summary>
    private const int MostNoise = 20;

    /// <summary>Milliseconds that listing tasks may take.</summary>
    private const int ListMs = 60_000;

    /// <summary>The tasks that a request is for, in the order of the data.</summary>
    /// <exception cref="ValidationException">The environment or the split is unknown, or could not be asked.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(ValidationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var command = new ListTasks { CommandId = Guid.CreateVersion7().ToString("n"), Tenant = request.Tenant, RemainingMs = ListMs, EnvType = request.EnvType, Split = request.Split };
        var outcome = await router.ListTasksAsync(command, cancellationToken);
        if (outcome is not CommandOutcome.Completed completed)
        {
            var detail = outcome is CommandOutcome.Refusal refusal ? refusal.Detail : $"the tasks of '{request.EnvType}' were not listed in time; send the request again";
            throw new ValidationException(detail, outcome is CommandOutcome.Rejected { Reason: not CommandReason.NoCapacity });
        }

        string[] tasks = [.. JsonSerializer.Deserialize<string[]>(completed.Answer) ?? []];
        return request.Sample is { } most ? BatchSample.Take(tasks, most, request.Seed) : tasks;
    }

    /// <summary>Validates tasks, some at a time. Every task has one result; they come as they are ready.</summary>
    public async IAsyncEnumerable<TaskValidation> RunAsync(ValidationRequest request, IReadOnlyList<string> tasks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Bounded, so that a caller who reads slowly slows the play down.
        var results = Channel.CreateBounded<TaskValidation>(request.Concurrency);
        var play = PlayAllAsync();
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(cancellationToken)) yield return result;
            await play;
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)play).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task PlayAllAsync()
        {
            try
            {
                var options = new ParallelOptions { MaxDegreeOfParallelism = request.Concurrency, CancellationToken = stop.Token };
                await Parallel.ForEachAsync(tasks, options, async (task, token) => await results.Writer.WriteAsync(await ValidateAsync(request, task, token), token));
                results.Writer.Complete();
            }
            catch (Exception exception)
            {
                results.Writer.Complete(exception);
                throw;
            }
        }
    }

    private async Task<TaskValidation> ValidateAsync(ValidationRequest request, string task, CancellationToken cancellationToken)
    {
        var subject = new PolicySubject(request.Tenant, request.EnvType, task, Member: 0, ApiKey: null);
        var gold = await PlayAsync(request, task, new GoldPolicy(solutions, request.Tenant), MostSteps, cancellationToken);
        var again = gold.Problem is null ? await PlayAsync(request, task, new GoldPolicy(solutions, request.Tenant), MostSteps, cancellationToken) : null;
        var nothing = await PlayAsync(request, task, new NothingPolicy(), MostSteps, cancellationToken);
        var noise = await PlayAsync(request, task, new RandomPolicy(request.Seed, subject), MostNoise, cancellationToken);
        return TaskVerdict.Of(task, gold, again, nothing, noise);
    }

    private Task<TrialResult> PlayAsync(ValidationRequest request, string task, IPolicy policy, int mostSteps, CancellationToken cancellationToken) =>
        new Trial(router, time, request.Tenant, request.EnvType, task).PlayAsync(policy, mostSteps, cancellationToken);
}
