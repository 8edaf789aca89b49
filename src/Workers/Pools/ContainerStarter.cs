using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Telemetry.Measures;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>Starts one container of an environment, asks what it serves, and checks its health.</summary>
internal sealed partial class ContainerStarter(
    string environment, EnvironmentOptions options, IRuntime runtime, IEnvironmentProtocol protocol, TimeProvider time, ILogger log)
{
    /// <summary>Starts a container and returns when its server answers its health check.</summary>
    /// <exception cref="ContainerException">It could not be started; nothing of it is left.</exception>
    public async Task<PooledContainer> StartAsync(CancellationToken cancellationToken, bool isolated = false)
    {
        using var timeout = new CancellationTokenSource(options.StartTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var (began, isReady) = (time.GetTimestamp(), false);
        try
        {
            var container = await runtime.StartAsync(environment, options, limit.Token);
            await WaitUntilReadyAsync(container, cancellationToken, limit.Token);
            isReady = true;
            Started(environment, container.Id, (long)time.GetElapsedTime(began).TotalMilliseconds);
            return new PooledContainer(container, time.GetTimestamp()) { IsIsolated = isolated, ReadyAt = time.GetUtcNow() };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ContainerException($"a container of '{environment}' did not start within {options.StartTimeout.TotalSeconds:0} s");
        }
        catch (Exception exception) when (exception is not (ContainerException or OperationCanceledException))
        {
            throw new ContainerException($"a container of '{environment}' could not be started: {exception.Message}", exception);
        }
        finally
        {
            ContainerMeasures.Started(environment, isReady, time.GetElapsedTime(began));
        }
    }

    /// <summary>Asks what its server serves: a JSON object.</summary>
    /// <exception cref="ContainerException">It does not say it, or not in time.</exception>
    public async Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.StartTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await protocol.DescribeAsync(container, environment, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ContainerException($"the environment server of '{environment}' did not say what it serves within {options.StartTimeout.TotalSeconds:0} s");
        }
    }

    /// <summary>Whether its server answers its health check in time.</summary>
    public Task<bool> IsHealthyAsync(IContainer container, CancellationToken cancellationToken) => IsHealthyAsync(container, options.HealthTimeout, cancellationToken);

    /// <inheritdoc cref="IsHealthyAsync(IContainer, CancellationToken)" />
    public async Task<bool> IsHealthyAsync(IContainer container, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, container.Exited);
        try
        {
            await protocol.WaitUntilReadyAsync(container, either.Token);
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or ObjectDisposedException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Whether a call runs in its server longer than the settings allow, though nobody waits for it any more. False where the server does not say.</summary>
    public async Task<bool> HasOverdueCallAsync(IContainer container, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, container.Exited);
        try
        {
            return await protocol.FindLongestCallAsync(container, either.Token) >= options.CallTimeout;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task WaitUntilReadyAsync(IContainer container, CancellationToken cancellationToken, CancellationToken limit)
    {
        try
        {
            using var ready = CancellationTokenSource.CreateLinkedTokenSource(limit, container.Exited);
            await protocol.WaitUntilReadyAsync(container, ready.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var what = container.Exited.IsCancellationRequested ? "exited at once" : $"did not become healthy within {options.StartTimeout.TotalSeconds:0} s";
            var output = OneLine.OfEnd(container.LastOutput, 1000);
            await container.DisposeAsync();
            throw new ContainerException($"the environment server of '{environment}' {what}; it printed: {(output.Length > 0 ? output : "nothing")}");
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    [LoggerMessage(LogLevel.Information, "environment '{Environment}' runs in container {Container}, ready after {Milliseconds} ms")]
    private partial void Started(string environment, string container, long milliseconds);
}
