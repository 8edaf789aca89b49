using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>Keeps the last lines a container prints, and no more: it may print without end.</summary>
internal sealed partial class ContainerOutput(DockerEngine engine, string container, LogLevel printed, TimeProvider time, ILogger log)
{
    /// <summary>Read at once; then a pause, so that a container that only prints costs its worker little.</summary>
    private const int Portion = 64 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private OutputTail _tail = new();

    public void Add(string line) => _tail.Add(line);

    public override string ToString() => _tail.ToString();

    /// <summary>Reads along until it is told to stop, or until the container cannot be followed any more.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(_tail, follow: true, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It has exited or is being ended.
        }
        catch (Exception exception) when (exception is ContainerException or IOException)
        {
            NotFollowed(container, exception.Message);
        }
    }

    /// <summary>Reads the last lines of what has exited: whoever followed may be far behind.</summary>
    public async Task ReadLastAsync(CancellationToken cancellationToken)
    {
        try
        {
            var last = new OutputTail();
            await ReadAsync(last, follow: false, cancellationToken);
            _tail = last;
        }
        catch (Exception exception) when (exception is ContainerException or IOException)
        {
            NotFollowed(container, exception.Message);
        }
    }

    private async Task ReadAsync(OutputTail tail, bool follow, CancellationToken cancellationToken)
    {
        using var output = await engine.ReadOutputAsync(container, OutputTail.Lines, follow, cancellationToken);
        var buffer = new byte[8 * 1024];
        var lines = new OutputLines(line =>
        {
            tail.Add(line);
            if (follow) Show(line);
        });
        for (var read = 0; ;)
        {
            var part = await output.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken);
            if (part.EOF) break;
            lines.Take(buffer.AsSpan(0, part.Count));

            if (!follow || (read += part.Count) < Portion) continue;
            await Task.Delay(Pause, time, cancellationToken);
            read = 0;
        }

        lines.End();
    }

    private void Show(string line)
    {
        if (!log.IsEnabled(printed)) return;
        var shown = OneLine.Of(line);
        Printed(printed, container, shown);
    }

    [LoggerMessage("{Container}: {Line}")]
    private partial void Printed(LogLevel level, string container, string line);

    [LoggerMessage(LogLevel.Warning, "the output of container {Container} cannot be read: {Reason}")]
    private partial void NotFollowed(string container, string reason);
}
