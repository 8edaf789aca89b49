namespace SandQueue.Workers.Runtimes;

/// <summary>The last lines a container printed.</summary>
internal sealed class OutputTail
{
    public const int Lines = 20;

    private readonly Queue<string> _lines = new(Lines);

    public void Add(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == Lines) _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    public override string ToString()
    {
        lock (_lines) return string.Join('\n', _lines);
    }
}
