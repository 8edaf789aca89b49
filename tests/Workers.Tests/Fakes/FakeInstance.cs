using System.Collections.Concurrent;
using System.Text;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Tests.Fakes;

/// <summary>
/// An instance of the fake environment. The action <c>{"end":1}</c> ends its episode; every other is answered by the
/// step's number and its own text.
/// </summary>
internal sealed class FakeInstance(FakeEnvironment environment, IContainer container, NewInstance request) : IEnvironmentInstance
{
    public const string End = """{"end":1}""";

    private int _running;

    public NewInstance Request => request;

    public IContainer Container => container;

    /// <summary>What was done, in order.</summary>
    public ConcurrentQueue<string> Done { get; } = new();

    public bool IsReleased { get; private set; }

    /// <summary>Two calls ran at the same time, which must never be.</summary>
    public bool WasDisturbed { get; private set; }

    public ReadOnlyMemory<byte> Opening { get; } = Encoding.UTF8.GetBytes(environment.Opening ??
        $$"""
        {"state":[{"role":"system","content":"{{environment.Version}}"},{"role":"user","content":"{{request.TaskId}}"}],
         "info":{"instance_id":"{{request.InnerId}}","task_id":"{{request.TaskId}}","tools":[],"provenance":{"environment":"fake"} } }
        """);

    public Task<ReadOnlyMemory<byte>> StepAsync(ReadOnlyMemory<byte> action, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        AloneAsync(async () =>
        {
            var text = Encoding.UTF8.GetString(action.Span);
            await environment.Stepping(this, text, cancellationToken);
            Done.Enqueue(text);
            if (environment.StepAnswer?.Invoke(this) is { } answer) return answer;
            var ended = text == End ? "true" : "false";
            var observation = $"{environment.Version} {request.TaskId} {Done.Count} {text.Replace("\"", "'", StringComparison.Ordinal)}";
            return $$$"""{"state":[{"role":"user","content":"{{{observation}}}"}],"reward":{{{Done.Count}}}.5,"is_terminated":{{{ended}}},"info":{}}""";
        });

    public Task<ReadOnlyMemory<byte>> EvaluateAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        AloneAsync(async () =>
        {
            await environment.Evaluating(this, cancellationToken);
            Done.Enqueue("evaluate");
            return environment.EvaluateAnswer?.Invoke(this) ?? $$"""{"score":0.25,"done":{{Done.Count}}}""";
        });

    public Task<ReadOnlyMemory<byte>> DescribeAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        AloneAsync(() => Task.FromResult("\"the tools\""));

    public Task<ReadOnlyMemory<byte>> SolveAsync(CancellationToken cancellationToken) =>
        AloneAsync(() => Task.FromResult(environment.Solution ?? throw new EnvironmentRejectedException(IEnvironmentInstance.NoSolution)));

    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await environment.Releasing(this, cancellationToken);
        IsReleased = true;
    }

    private async Task<ReadOnlyMemory<byte>> AloneAsync(Func<Task<string>> call)
    {
        if (container.Exited.IsCancellationRequested) throw new EnvironmentFailedException("the environment's container exited");
        WasDisturbed |= Interlocked.Increment(ref _running) > 1;
        try
        {
            var json = await call().WaitAsync(container.Exited);
            return Encoding.UTF8.GetBytes(json);
        }
        catch (OperationCanceledException) when (container.Exited.IsCancellationRequested)
        {
            throw new EnvironmentFailedException("the environment's container exited");
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
