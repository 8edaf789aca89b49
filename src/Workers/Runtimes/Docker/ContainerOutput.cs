using System.Text;
using Microsoft.Extensions.Logging;
using SandQueue.Workers.Containers;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>Keeps the last lines a container prints, and no more: it may print without end.</summary>
internal sealed partial class ContainerOutput(DockerEngine engine, string container, TimeProvider time, ILogger log)
{
    private const int LongestLine = 2000;

    /// <summary>Read at once; then a pause, so that a container that only prints costs its worker little.</summary>
    private const int Portion = 64 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly OutputTail _tail = new();
    private readonly StringBuilder _line = new();

    public void Add(string line) => _tail.Add(line);

    /// <summary>Returns when the container has exited and all was read, or when it cannot be followed any more.</summary>
    public async Task FollowAsync(string id, CancellationToken cancel)
    {
        try
        {
            using var output = await engine.FollowOutputAsync(id, OutputTail.Lines, cancel);
            var buffer = new byte[8 * 1024];
            var letters = new char[buffer.Length];
            var decoder = Encoding.UTF8.GetDecoder();
            for (var read = 0; ;)
            {
                var part = await output.ReadOutputAsync(buffer, 0, buffer.Length, cancel);
                if (part.EOF) break;
                Take(letters.AsSpan(0, decoder.GetChars(buffer, 0, part.Count, letters, 0)));
                if ((read += part.Count) < Portion) continue;
                await Task.Delay(Pause, time, cancel);
                read = 0;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // It is being ended: nobody asks any more.
        }
        catch (Exception failure) when (failure is ContainerException or IOException)
        {
            NotFollowed(container, failure.Message);
        }

        if (_line.Length > 0) EndLine();
    }

    public override string ToString() => _tail.ToString();

    private void Take(ReadOnlySpan<char> letters)
    {
        foreach (var letter in letters)
        {
            if (letter == '\n') EndLine();
            else if (letter != '\r' && _line.Length < LongestLine) _line.Append(letter);
        }
    }

    private void EndLine()
    {
        var line = _line.ToString();
        _line.Clear();
        _tail.Add(line);
        Printed(container, line);
    }

    [LoggerMessage(LogLevel.Debug, "{Container}: {Line}")]
    private partial void Printed(string container, string line);

    [LoggerMessage(LogLevel.Warning, "the output of container {Container} is not read any more: {Reason}")]
    private partial void NotFollowed(string container, string reason);
}
