using SandQueue.Contracts;

namespace SandQueue.Gateway.Amqp.Sharing;

/// <summary>
/// How many commands of each tenant run at this gateway. A Create for an environment that is full waits for most of a minute: without shares, one
/// tenant's would hold all deliveries of the commands' queue, and everybody else's commands would wait behind them.
/// </summary>
/// <param name="most">Commands of all tenants that run from that queue; the deliveries above it serve to move others on.</param>
/// <param name="share">Commands of one tenant that run; Creates of one environment count by themselves.</param>
internal sealed class TenantShares(int most, int share)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);

    /// <summary>Commands that came from a waiting queue, and wait here for the end of one of their share's.</summary>
    private readonly Dictionary<string, Queue<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);

    /// <summary>Shares whose commands wait in a queue, and in which: those that come later go there too, so that they do not overtake.</summary>
    private readonly Dictionary<string, string> _moved = new(StringComparer.Ordinal);

    private int _direct;

    /// <summary>Queues that commands were moved to, and that were not empty when they were looked at last.</summary>
    public IReadOnlyList<string> Moved
    {
        get
        {
            lock (_lock) return [.. _moved.Values.Distinct()];
        }
    }

    /// <summary>Lets a command of the commands' queue run, until what is returned is disposed.</summary>
    /// <returns>Null where it has to wait in the queue that <see cref="WaitingQueues.Of"/> says.</returns>
    public IDisposable? TryEnter(Command command)
    {
        var counted = Counted(command);
        lock (_lock)
        {
            if (_moved.ContainsKey(counted) || _waiting.ContainsKey(counted) || _running.GetValueOrDefault(counted) >= share || _direct >= most)
            {
                _moved[counted] = WaitingQueues.Of(command);
                return null;
            }

            _running[counted] = _running.GetValueOrDefault(counted) + 1;
            _direct++;
            return new Place(this, counted, isDirect: true);
        }
    }

    /// <summary>Lets a command of a waiting queue run, once its share has room, in the order of the calls, until what is returned is disposed.</summary>
    public async Task<IDisposable> EnterAsync(Command command, CancellationToken cancellationToken)
    {
        var (counted, turn) = (Counted(command), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (!_waiting.ContainsKey(counted) && _running.GetValueOrDefault(counted) < share)
            {
                _running[counted] = _running.GetValueOrDefault(counted) + 1;
                turn.SetResult();
            }
            else
            {
                if (!_waiting.TryGetValue(counted, out var queue)) _waiting.Add(counted, queue = new Queue<TaskCompletionSource>());
                queue.Enqueue(turn);
            }
        }

        await using (cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken))) await turn.Task;
        return new Place(this, counted, isDirect: false);
    }

    /// <summary>Says that nothing waits in a queue any more.</summary>
    public void Emptied(string queue)
    {
        lock (_lock)
        {
            foreach (var (counted, _) in _moved.Where(moved => moved.Value == queue).ToList()) _moved.Remove(counted);
        }
    }

    /// <summary>A name of an environment cannot make a Create count as something else.</summary>
    private static string Counted(Command command) => $"{(command is CreateInstance ? "create" : "other")} {WaitingQueues.Share(command)}";

    /// <summary>Gives a place to the first that waits for it and still wants it.</summary>
    private void Leave(string counted, bool isDirect)
    {
        lock (_lock)
        {
            if (isDirect) _direct--;
            if (_waiting.TryGetValue(counted, out var queue))
            {
                var isTaken = false;
                while (!isTaken && queue.TryDequeue(out var next)) isTaken = next.TrySetResult();
                if (queue.Count == 0) _waiting.Remove(counted);
                if (isTaken) return;
            }

            if (--_running[counted] == 0) _running.Remove(counted);
        }
    }

    private sealed class Place(TenantShares shares, string counted, bool isDirect) : IDisposable
    {
        public void Dispose() => shares.Leave(counted, isDirect);
    }
}
