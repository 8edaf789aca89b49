namespace SandQueue.Hosting.Farm;

/// <summary>The parts a farm shares, section <c>Farm</c>. Both set make a farm; none set, the embedded mode.</summary>
public sealed class FarmOptions
{
    /// <summary><c>amqp://user:password@host:port/virtualhost</c>, or <c>amqps://</c> for TLS.</summary>
    public string? RabbitMq { get; init; }

    /// <summary>
    /// The other nodes of a broker that is a cluster, <c>host:port</c> with commas between them: who loses its node goes on at another. User, virtual
    /// host and TLS are those of <see cref="RabbitMq"/>, which names the first node.
    /// </summary>
    public string? RabbitMqNodes { get; init; }

    /// <summary>A PEM file of the authorities that may vouch for a broker behind TLS; empty trusts whom the machine trusts.</summary>
    public string? RabbitMqAuthorities { get; init; }

    /// <summary>The largest message that is sent to the broker, in bytes; no more than its own <c>max_message_size</c>, by default 16 MiB since RabbitMQ 4.0.</summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>
    /// A connection string of Npgsql: <c>Host=…;Database=…;Username=…;Password=…</c>. Where it names several hosts, <c>Host=a:5432,b:5432</c>, the one
    /// that is no standby is used, and another after a failover.
    /// </summary>
    public string? Postgres { get; init; }

    /// <summary>How long a start waits for a broker or database that is down.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public bool IsSet => RabbitMq is { Length: > 0 } || Postgres is { Length: > 0 };
}
