using Microsoft.Extensions.Logging;

namespace SandQueue.Workers.Instances;

/// <summary>Runs work strictly one piece at a time, in the order it was posted. Holds no thread while it is empty.</summary>
internal sealed partial class Mailbox(ILogger log)
{
    /// <summary>A caller awaits each reply, so a longer queue is a mistake or an attack.</summary>
    private const int Longest = 1_000;

    private readonly Queue<Func<Task>> _work = new();
    private bool _running;

    /// <returns>False where too much waits already.</returns>
    public bool TryPost(Func<Task> work) => TryPost(work, Longest);

    /// <summary>Posts work however much waits.</summary>
    public void Post(Func<Task> work) => TryPost(work, int.MaxValue);

    private bool TryPost(Func<Task> work, int longest)
    {
        lock (_work)
        {
            if (_work.Count >= longest) return false;
            _work.Enqueue(work);
            if (_running) return true;
            _running = true;
        }

        _ = Task.Run(RunAsync);
        return true;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            Func<Task> next;
            lock (_work)
            {
                if (_work.Count == 0)
                {
                    _running = false;
                    return;
                }

                next = _work.Dequeue();
            }

            try
            {
                await next();
            }
            catch (Exception exception)
            {
                // Work answers its own failures; see CommandIntake. One that does not must not take the instance along.
                Failed(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "work in the mailbox of an instance failed without an answer")]
    private partial void Failed(Exception failure);
}
