using SandQueue.Client.Commands;

namespace SandQueue.Client.Resending;

/// <summary>What is known of a command after its attempts.</summary>
/// <param name="command">The command.</param>
internal sealed class Tries(Command command)
{
    /// <summary>Whoever answers so often what cannot be read is no gateway of ours, and one that fails so often at a command always will.</summary>
    private const int MostBroken = 3;

    private Reply _latest;
    private int _count;
    private int _broken;
    private bool _mayHaveTakenEffect;

    public Command Command => command;

    /// <summary>Another attempt may bring its end.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>When to come back, by the latest attempt.</summary>
    public TimeSpan? RetryAfter => _latest.Refusal?.RetryAfter;

    public void Add(Reply reply)
    {
        (_latest, _count) = (reply, _count + 1);
        if (reply.Refusal is not { } refusal)
        {
            IsOpen = false;
            return;
        }

        if (refusal.Code is Codes.MalformedAnswer or Codes.InternalError) _broken++;
        IsOpen = Codes.AreSentAgain(refusal.Code) && _broken < MostBroken;
        _mayHaveTakenEffect |= refusal.IsUnknown;
    }

    /// <summary>
    /// The command's end. A refusal of the latest attempt alone says nothing of an earlier one that was sent: then it is unknown, whatever the latest says.
    /// </summary>
    public Reply End(TimeSpan deadline)
    {
        if (_latest.Refusal is not { } refusal || !_mayHaveTakenEffect || !(IsOpen || refusal is { IsOfAttempt: true, IsUnknown: false })) return _latest;
        var detail = $"whether the command took effect is unknown after {_count} attempts in {deadline.TotalSeconds:0.###} s; send it again under the same id. The last: {refusal.Detail}";
        return Reply.Refused(Refusal.Unknown(detail) with { RetryAfter = refusal.RetryAfter });
    }
}
