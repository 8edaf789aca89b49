using System.Security.Cryptography.X509Certificates;

namespace SandQueue.Transport;

/// <summary>Which queue the messages travel over.</summary>
public sealed record TransportOptions
{
    /// <summary>
    /// An AMQP address, <c>amqp://user:password@host:port/virtualhost</c>, or <c>amqps://</c> for TLS; null keeps messages
    /// inside this process.
    /// </summary>
    public Uri? RabbitMq { get; init; }

    /// <summary>The other nodes of a broker that is a cluster, each <c>host:port</c>; what else it takes to connect is that of <see cref="RabbitMq"/>.</summary>
    public IReadOnlyList<string> OtherNodes { get; init; } = [];

    /// <summary>The authorities that may vouch for a broker behind TLS; null is whom the machine trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>
    /// The largest message that is sent to the broker, in bytes; a larger one fails alone, before it is sent. RabbitMQ refuses
    /// what is above its setting <c>max_message_size</c>, whose default is 134,217,728 (128 MiB) in 3.10, 3.12 and 3.13, and
    /// 16,777,216 (16 MiB) since 4.0 (release notes of 4.0.1).
    /// </summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>How long a start waits for a broker that is down.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
