using System.Security.Cryptography;
using System.Text;
using SandQueue.Contracts;

namespace SandQueue.Gateway.Amqp.Sharing;

/// <summary>
/// The queues that a gateway moves commands to which are above their tenant's share. Creates wait apart from the rest, so that releases pass
/// those who wait for the room that they make. There are a few of them rather than one a tenant: what every gateway knows and
/// consumes from its start strands nothing.
/// </summary>
internal static class WaitingQueues
{
    private const int OfEachKind = 8;

    private const string Creates = "creates";
    private const string Others = "others";

    public static IReadOnlyList<string> All { get; } =
        [.. from kind in (string[])[Creates, Others] from number in Enumerable.Range(0, OfEachKind) select Named(kind, number)];

    /// <summary>Whose share a command counts against: its tenant's, and of Creates that of the tenant in one environment.</summary>
    public static string Share(Command command) => command is CreateInstance create ? $"{create.Tenant} {create.EnvType}" : command.Tenant;

    /// <summary>The queue for what counts against a share: at every gateway the same.</summary>
    public static string Of(Command command)
    {
        // The hash of a string differs by process.
        var number = SHA256.HashData(Encoding.UTF8.GetBytes(Share(command)))[0] % OfEachKind;
        return Named(command is CreateInstance ? Creates : Others, number);
    }

    private static string Named(string kind, int number) => $"{AmqpNames.Waiting}.{kind}.{number}";
}
