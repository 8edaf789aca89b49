namespace SandQueue.Workers.Pools;

/// <summary>Work that runs beside its starter, which waits for it only when it ends itself.</summary>
internal sealed class PendingWork
{
    private readonly HashSet<Task> _running = [];

    /// <param name="work">Handles its failures itself.</param>
    public void Run(Func<Task> work)
    {
        var task = Task.Run(work);
        lock (_running) _running.Add(task);
        task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Completes when nothing runs; throws what any of it threw.</summary>
    public async Task DrainAsync()
    {
        while (true)
        {
            Task[] running;
            lock (_running) running = [.. _running];
            if (running.Length == 0) return;
            await Task.WhenAll(running);
            foreach (var task in running) Forget(task);
        }
    }

    private void Forget(Task task)
    {
        lock (_running) _running.Remove(task);
    }
}
