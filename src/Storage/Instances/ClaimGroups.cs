using System.Threading.Channels;
using SandQueue.Storage.Connections;

namespace SandQueue.Storage.Instances;

/// <summary>
/// Lets claims that wait at the same time share a commit: while one commit runs the next group gathers, so that a lone claim waits for nobody. A
/// failed group is told to those in it; nothing is tried again here, because a Create that failed is.
/// </summary>
internal sealed class ClaimGroups : IAsyncDisposable
{
    /// <summary>As many as a worker makes at once, of several environments.</summary>
    private const int MostClaims = 128;

    private readonly IClaimCommit _commit;
    private readonly Channel<Pending> _pending = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lazy<Task> _writer;

    public ClaimGroups(IClaimCommit commit)
    {
        _commit = commit;
        _writer = new Lazy<Task>(() => Task.Run(WriteAsync));
    }

    /// <summary>Completes when the row is inserted or refused. Cancelling gives up only a claim whose commit has not begun.</summary>
    /// <returns>The row's key; null where it was refused.</returns>
    public async Task<long?> ClaimAsync(InstanceClaim claim, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new Pending(claim);
        if (!_pending.Writer.TryWrite(pending)) throw new WritingEndedException();
        _ = _writer.Value;
        await using (cancellationToken.UnsafeRegister(_ => pending.GiveUp(cancellationToken), null))
        {
            return await pending.Key.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        if (_writer.IsValueCreated) await _writer.Value;
    }

    private async Task WriteAsync()
    {
        var group = new List<Pending>(MostClaims);
        var names = new HashSet<(string, string)>();
        Pending? held = null;
        while (held is not null || await _pending.Reader.WaitToReadAsync())
        {
            group.Clear();
            names.Clear();
            while (group.Count < MostClaims && (held ?? Next()) is { } pending)
            {
                // Of two claims of one name the second has to find the first.
                held = names.Add(pending.Claim.Key) ? null : pending;
                if (held is not null) break;
                if (pending.TryBegin()) group.Add(pending);
            }

            if (group.Count > 0) await CommitAsync(group);
        }
    }

    private Pending? Next() => _pending.Reader.TryRead(out var pending) ? pending : null;

    private async Task CommitAsync(IReadOnlyList<Pending> group)
    {
        try
        {
            var keys = await _commit.CommitAsync([.. group.Select(pending => pending.Claim)]);
            for (var i = 0; i < group.Count; i++) group[i].Key.TrySetResult(keys[i]);
        }
        catch (Exception) when (group.Count > 1)
        {
            // One row that cannot be written must not fail its neighbours.
            foreach (var pending in group) await CommitAsync([pending]);
        }
        catch (Exception exception)
        {
            group[0].Key.TrySetException(exception);
        }
    }

    /// <summary>A claim that waits for its commit.</summary>
    private sealed class Pending(InstanceClaim claim)
    {
        private int _isDecided;

        public InstanceClaim Claim => claim;

        public TaskCompletionSource<long?> Key { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether its commit may begin; from then on it is not given up any more.</summary>
        public bool TryBegin() => Interlocked.Exchange(ref _isDecided, 1) == 0;

        public void GiveUp(CancellationToken cancellationToken)
        {
            if (TryBegin()) Key.TrySetCanceled(cancellationToken);
        }
    }
}
