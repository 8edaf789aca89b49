using System.Text;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Tests.Pools;

/// <summary>Speaks to fake containers: the healthy answer, the others never do.</summary>
internal sealed class FakeProtocol : IEnvironmentProtocol
{
    public static readonly ReadOnlyMemory<byte> Description = Encoding.UTF8.GetBytes("""{"env_type":"test","replayable":"yes"}""");

    public Task WaitUntilReadyAsync(IContainer container, CancellationToken cancel) =>
        container is FakeContainer { Healthy: true } && !cancel.IsCancellationRequested ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancel);

    public Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, string environment, CancellationToken cancel) => Task.FromResult(Description);

    public Task<ReadOnlyMemory<byte>> ListTasksAsync(IContainer container, string environment, string split, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<IEnvironmentInstance> CreateAsync(IContainer container, NewInstance request, CancellationToken cancel) => throw new NotSupportedException();
}
