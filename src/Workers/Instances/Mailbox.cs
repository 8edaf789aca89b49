using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace SandQueue.Workers.Instances;

/// <summary>Runs work strictly one piece at a time, in the order it was posted. Holds no thread while it is empty.</summary>
internal sealed partial class Mailbox(ILogger log)
{
    /// <summary>A caller awaits each reply, so a longer queue is a mistake or an attack.</summary>
    private const int MaxWaiting = 1_000;

    private readonly Queue<Func<Task>> _work = new();
    private bool _running;

    /// <summary>Runs a command's work when its turn comes: on the caller's thread where nothing else runs, until it first waits. A step is worth no change of threads.</summary>
    /// <param name="work">The work.</param>
    /// <param name="done">Completes with the work, and fails as it does. What continues it holds the mailbox up, and has to be short.</param>
    /// <returns>False where too much waits already; the work never runs then.</returns>
    public bool TryRun(Func<Task> work, [NotNullWhen(true)] out Task? done)
    {
        done = TryEnqueue(Completing(work, TaskCreationOptions.None, out var completion), MaxWaiting, startsHere: true) ? completion : null;
        return done is not null;
    }

    /// <summary>Runs work of the worker's own when its turn comes, however much waits. Who waits for it goes on beside the mailbox, and never holds it up.</summary>
    public Task RunAsync(Func<Task> work)
    {
        TryEnqueue(Completing(work, TaskCreationOptions.RunContinuationsAsynchronously, out var completion), int.MaxValue);
        return completion;
    }

    /// <summary>The same for work that nobody waits for; its failure is logged.</summary>
    public void Post(Func<Task> work) => TryEnqueue(
        async () =>
        {
            try
            {
                await work();
            }
            catch (Exception exception)
            {
                Failed(exception);
            }
        },
        int.MaxValue);

    /// <summary>Work that hands its end to whoever waits.</summary>
    private static Func<Task> Completing(Func<Task> work, TaskCreationOptions continuations, out Task completion)
    {
        var done = new TaskCompletionSource(continuations);
        completion = done.Task;
        return async () =>
        {
            try
            {
                await work();
                done.SetResult();
            }
            catch (OperationCanceledException exception)
            {
                done.SetCanceled(exception.CancellationToken);
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        };
    }

    private bool TryEnqueue(Func<Task> work, int maxWaiting, bool startsHere = false)
    {
        lock (_work)
        {
            if (_work.Count >= maxWaiting) return false;
            _work.Enqueue(work);
            if (_running) return true;
            _running = true;
        }

        if (startsHere) StartHere();
        else ThreadPool.UnsafeQueueUserWorkItem(static mailbox => _ = mailbox.DrainAsync(), this, preferLocal: false);
        return true;
    }

    /// <summary>What it runs is of many callers: it must not be taken for a part of what the first of them is traced in.</summary>
    private void StartHere()
    {
        var caller = Activity.Current;
        Activity.Current = null;
        try
        {
            _ = DrainAsync();
        }
        finally
        {
            Activity.Current = caller;
        }
    }

    private async Task DrainAsync()
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

            await next();
        }
    }

    [LoggerMessage(LogLevel.Error, "work in the mailbox of an instance failed")]
    private partial void Failed(Exception failure);
}
