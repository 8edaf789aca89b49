using SandQueue.Contracts;
using SandQueue.Storage.Rollouts;
using SandQueue.Transport.Sending;

namespace SandQueue.Rollouts.Batches;

/// <summary>Asks workers for lanes. What is not sent, or lost, the next sweep asks for again.</summary>
public sealed class LaneRequests(IMessageSender messages)
{
    /// <summary>Lanes of one batch that are asked for at once; a lane plays one rollout after the other, and others are asked for again soon.</summary>
    private const int MostAtOnce = 64;

    /// <summary>A hint that nobody took meanwhile was asked for again.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    /// <summary>Asks for lanes of a batch that was made, resumed or tuned.</summary>
    public Task SendAsync(long batch, int lanes, CancellationToken cancellationToken) => SendAsync([new LaneNeed(batch, lanes, Priority: 0)], cancellationToken);

    /// <summary>Asks for lanes, the first first.</summary>
    public async Task SendAsync(IReadOnlyList<LaneNeed> needs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(needs);
        var left = MostAtOnce;
        for (var place = 0; place < needs.Count && left > 0; place++)
        {
            // One is left for each batch behind: a batch that cannot use its lanes, as where its endpoint takes no more, keeps no other waiting.
            var need = needs[place];
            var lanes = Math.Min(need.Lanes, Math.Max(1, left - (needs.Count - place - 1)));
            left -= lanes;
            await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => SendAsync(need.Batch, cancellationToken)));
        }
    }

    private async Task SendAsync(long batch, CancellationToken cancellationToken)
    {
        try
        {
            await messages.SendSharedAsync(QueueNames.Rollouts, new PlayRollouts { Batch = batch }, replyTo: null, Lifetime, cancellationToken);
        }
        catch (MessageNotSentException)
        {
            // Said above.
        }
    }
}
