using System.Net.Sockets;
using SandQueue.Frames;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Protocols.Http;

namespace SandQueue.Workers.Protocols.EnvironmentService;

/// <summary>The connection for frames to one container, made when it is needed and again where it was lost. All calls of the container share it.</summary>
internal sealed class FrameLine(IContainer container, long mostBytes, ContainerCall failures)
{
    private volatile FrameClient? _client;
    private volatile bool _isOffered;
    private CancellationTokenRegistration _exit;

    private SemaphoreSlim Opening { get; } = new(1, 1);

    /// <summary>Says whether the server takes frames.</summary>
    public void MayBeUsed(bool offered) => _isOffered = offered;

    /// <summary>Makes a call.</summary>
    /// <returns>The answer, or null where the server takes no frames, and nothing was asked of it.</returns>
    /// <exception cref="EnvironmentFailedException">The connection broke, or the container exited; the message says whether it still runs.</exception>
    public async ValueTask<Frame?> TryCallAsync(Verb verb, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindAsync(cancellationToken) is not { } client) return null;
            try
            {
                return await CallAsync(client, verb, body, cancellationToken);
            }
            catch (ObjectDisposedException)
            {
                // It was lost a moment before, and nothing was sent.
                return await FindAsync(cancellationToken) is { } next ? await next.CallAsync(verb, body, cancellationToken) : null;
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw await failures.FailureAsync(container, exception);
        }
    }

    /// <summary>A connection on which nothing came while a call ran out of time may be dead: whoever comes next has another.</summary>
    private static async ValueTask<Frame> CallAsync(FrameClient client, Verb verb, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var before = client.Received;
        try
        {
            return await client.CallAsync(verb, body, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            if (client.Received == before) client.Retire();
            throw;
        }
    }

    private ValueTask<FrameClient?> FindAsync(CancellationToken cancellationToken) => !_isOffered || container.Connect is null
        ? default
        : _client is { IsOpen: true } open ? new ValueTask<FrameClient?>(open) : OpenAsync(container.Connect, cancellationToken);

    private async ValueTask<FrameClient?> OpenAsync(Func<CancellationToken, ValueTask<Stream>> connect, CancellationToken cancellationToken)
    {
        await Opening.WaitAsync(cancellationToken);
        try
        {
            if (_client is { IsOpen: true } open) return open;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, container.Exited);
            var client = await FrameClient.OpenAsync(await connect(limit.Token), (int)Math.Min(mostBytes, int.MaxValue), limit.Token);
            await _exit.DisposeAsync();
            _exit = container.Exited.UnsafeRegister(static client => ((FrameClient)client!).Close("the container has exited"), client);
            return _client = client;
        }
        catch (InvalidDataException)
        {
            // Another server has come to its place. The next health check says whether it takes frames.
            _isOffered = false;
            return null;
        }
        finally
        {
            Opening.Release();
        }
    }
}
