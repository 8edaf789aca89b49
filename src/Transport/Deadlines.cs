using SandQueue.Transport.Reception;

namespace SandQueue.Transport;

/// <summary>
/// Limits on calls into the bus. They are not optional: around a broker's restart a send can wait for ever, and an endpoint
/// can stay without its queue for ever.
/// </summary>
internal static class Deadlines
{
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Disconnect = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan Send = TimeSpan.FromSeconds(10);

    /// <summary>How often it is looked whether a queue still receives.</summary>
    public static readonly TimeSpan Check = TimeSpan.FromSeconds(5);

    /// <summary>A message to oneself takes a millisecond; one that took so long did not come.</summary>
    public static readonly TimeSpan RoundTrip = TimeSpan.FromSeconds(5);

    /// <summary>A queue that received nothing at so many looks in a row is connected anew. Looks, and not seconds: a process may have stood still between two.</summary>
    public const int DeafLooks = 3;

    /// <summary>After so many looks that told nothing somebody should know.</summary>
    public const int UnknownLooks = 12;
}
