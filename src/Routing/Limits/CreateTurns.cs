namespace SandQueue.Routing.Limits;

/// <summary>
/// Shares out an environment's queue of Creates among tenants. The queue is first come, first served, so a tenant that sends thousands would be served
/// alone for minutes: here only a few of each tenant's Creates are in it at a time, and the others wait in the order they came.
/// </summary>
internal sealed class CreateTurns
{
    /// <summary>Creates of one tenant at one gateway that wait in the queue of an environment without room.</summary>
    public const int WhenFull = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Environment), Line> _lines = [];

    /// <summary>Takes a turn where one is free and nobody waits before.</summary>
    /// <inheritdoc cref="BeginAsync" path="/param"/>
    public bool TryBegin(string tenant, string environment, Func<int> width)
    {
        lock (_lock)
        {
            var line = LineOf(tenant, environment);
            if (line.Waiting.Count > 0 || line.Running >= width()) return false;
            line.Running++;
            return true;
        }
    }

    /// <summary>Waits for a turn. Whoever gets one gives it back with <see cref="End"/>.</summary>
    /// <param name="tenant">Whose Create it is.</param>
    /// <param name="environment">What it is for.</param>
    /// <param name="width">How many may have a turn at the same time now.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <exception cref="OperationCanceledException">The wait was given up; there is no turn to give back.</exception>
    public async Task BeginAsync(string tenant, string environment, Func<int> width, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (_lock)
        {
            var line = LineOf(tenant, environment);
            if (line.Waiting.Count == 0 && line.Running < width())
            {
                line.Running++;
                return;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            line.Waiting.AddLast(turn);
        }

        await using var cancelled = cancellationToken.UnsafeRegister(_ => turn.TrySetCanceled(cancellationToken), null);
        try
        {
            await turn.Task;
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                // Whoever gave a turn back meanwhile may have passed this one over, and forgotten the line with it.
                if (_lines.TryGetValue((tenant, environment), out var line))
                {
                    line.Waiting.Remove(turn);
                    Forget(tenant, environment, line);
                }
            }

            throw;
        }
    }

    /// <summary>Gives a turn back: to those who wait longest, as many as may have one now.</summary>
    public void End(string tenant, string environment, Func<int> width)
    {
        lock (_lock)
        {
            var line = _lines[(tenant, environment)];
            line.Running--;
            while (line.Running < width() && line.Waiting.First is { Value: var next })
            {
                line.Waiting.RemoveFirst();
                if (next.TrySetResult()) line.Running++;
            }

            Forget(tenant, environment, line);
        }
    }

    /// <summary>How many wait for a turn.</summary>
    public int Waiting(string tenant, string environment)
    {
        lock (_lock) return _lines.TryGetValue((tenant, environment), out var line) ? line.Waiting.Count : 0;
    }

    private Line LineOf(string tenant, string environment)
    {
        if (!_lines.TryGetValue((tenant, environment), out var line)) _lines[(tenant, environment)] = line = new Line();
        return line;
    }

    private void Forget(string tenant, string environment, Line line)
    {
        if (line is { Running: 0, Waiting.Count: 0 }) _lines.Remove((tenant, environment));
    }

    private sealed class Line
    {
        public int Running { get; set; }

        public LinkedList<TaskCompletionSource> Waiting { get; } = [];
    }
}
