using SandQueue.Testing.Docker;

namespace SandQueue.Programs;

/// <summary>The lines a process prints, as they come.</summary>
public sealed class PrintedLines
{
    private readonly List<string> _lines = [];
    private readonly List<(string Line, TaskCompletionSource Printed)> _awaited = [];

    public void Add(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            _lines.Add(line);
            foreach (var (_, printed) in _awaited.Where(awaited => line.Contains(awaited.Line, StringComparison.Ordinal))) printed.TrySetResult();
        }
    }

    /// <summary>Completes when a line with this in it was printed.</summary>
    public Task PrintedAsync(string line)
    {
        lock (_lines)
        {
            if (_lines.Exists(printedLine => printedLine.Contains(line, StringComparison.Ordinal))) return Task.CompletedTask;
            var printed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((line, printed));
            return printed.Task;
        }
    }

    public override string ToString()
    {
        lock (_lines) return string.Concat(_lines.Select(line => line + "\n"));
    }
}
