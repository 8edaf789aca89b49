using System.Collections.Concurrent;
using System.Text;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Fakes;

/// <summary>An environment in memory. Every observation depends on the task, the step's number and its action, and on nothing else.</summary>
internal sealed class FakeEnvironment : IEnvironmentProtocol, IEnvironmentProtocols
{
    /// <summary>Runs before a container counts as ready; may wait or throw.</summary>
    public Func<IContainer, CancellationToken, Task> Readying { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs before an instance is made; may wait or throw.</summary>
    public Func<NewInstance, CancellationToken, Task> Creating { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs before tasks are listed; may wait or throw.</summary>
    public Func<string, CancellationToken, Task> Listing { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs before a step; may wait or throw.</summary>
    public Func<FakeInstance, string, CancellationToken, Task> Stepping { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Runs before an evaluation; may wait or throw.</summary>
    public Func<FakeInstance, CancellationToken, Task> Evaluating { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What a create answers instead; null for the usual answer.</summary>
    public string? Opening { get; set; }

    /// <summary>What a step answers instead, given its instance; null for the usual answer.</summary>
    public Func<FakeInstance, string?>? StepAnswer { get; set; }

    /// <summary>What an evaluation answers instead, given its instance; null for the usual answer.</summary>
    public Func<FakeInstance, string>? EvaluateAnswer { get; set; }

    /// <summary>Runs before a release; may wait or throw.</summary>
    public Func<FakeInstance, CancellationToken, Task> Releasing { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>How its tasks are won; null where it does not know.</summary>
    public string? Solution { get; set; }

    public string Description { get; set; } = """{"env_type":"fake","replayable":"yes","evaluate_changes_state":false}""";

    /// <summary>Part of every observation: changed, a replay differs.</summary>
    public string Version { get; set; } = "v1";

    public ConcurrentQueue<FakeInstance> Created { get; } = new();

    public IEnvironmentProtocol Create(string environment, EnvironmentOptions options) => this;

    public Task WaitUntilReadyAsync(IContainer container, CancellationToken cancellationToken) => Readying(container, cancellationToken);

    public Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, string environment, CancellationToken cancellationToken) => Answer(Description);

    public async Task<ReadOnlyMemory<byte>> ListTasksAsync(IContainer container, string environment, string split, CancellationToken cancellationToken)
    {
        await Listing(split, cancellationToken);
        return split == "train" ? await Answer("""["t1","t2"]""") : throw new EnvironmentRejectedException($"there is no split {split}");
    }

    public async Task<IEnvironmentInstance> CreateAsync(IContainer container, NewInstance request, CancellationToken cancellationToken)
    {
        await Creating(request, cancellationToken);
        var instance = new FakeInstance(this, container, request);
        Created.Enqueue(instance);
        return instance;
    }

    public static Task<ReadOnlyMemory<byte>> Answer(string json) => Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(json));
}
