using System.Text;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Tests.Pools;

/// <summary>Speaks to fake containers: the healthy answer, the others never do.</summary>
internal sealed class FakeProtocol : IEnvironmentProtocol
{
    public static readonly ReadOnlyMemory<byte> Description = Encoding.UTF8.GetBytes("""{"env_type":"test","replayable":"yes"}""");

    public Task WaitUntilReadyAsync(IContainer container, CancellationToken cancellationToken) =>
        container is FakeContainer { Healthy: true } && !cancellationToken.IsCancellationRequested ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancellationToken);

    public Task<TimeSpan?> FindLongestCallAsync(IContainer container, CancellationToken cancellationToken) => Task.FromResult(((FakeContainer)container).LongestCall);

    public Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, string environment, CancellationToken cancellationToken) => Task.FromResult(Description);

    public Task<ReadOnlyMemory<byte>> ListTasksAsync(IContainer container, string environment, string split, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IEnvironmentInstance> CreateAsync(IContainer container, NewInstance request, CancellationToken cancellationToken) => throw new NotSupportedException();
}
