namespace SandQueue.Transport;

/// <summary>
/// Limits on calls into the bus. They are not optional: around a broker's restart a send can wait for ever.
/// </summary>
internal static class Deadlines
{
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Disconnect = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan Send = TimeSpan.FromSeconds(10);
}
