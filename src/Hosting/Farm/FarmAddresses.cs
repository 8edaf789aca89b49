using System.Globalization;
using Npgsql;
using SandQueue.Hosting.Startup;

namespace SandQueue.Hosting.Farm;

/// <summary>
/// Reads the addresses of the broker and the database, and refuses a malformed one with the part that is wrong: a program that tries
/// to connect with it could only wait. Nothing that may be a password is shown.
/// </summary>
internal static class FarmAddresses
{
    private const string PostgresForm = "write Host=…;Port=5432;Database=…;Username=…;Password=… (a value with ; or = in it in quotes)";
    private const string RabbitMqForm = "write amqp://user:password@host:5672/virtualhost, or amqps://…:5671 for TLS";

    /// <exception cref="StartupException">It is no connection string of Npgsql.</exception>
    public static string Postgres(string given)
    {
        if (given.Contains("://", StringComparison.Ordinal)) throw Wrong("Postgres", "is a URL", PostgresForm);
        foreach (var part in given.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!part.Contains('=', StringComparison.Ordinal) && !given.Contains('\'', StringComparison.Ordinal) && !given.Contains('"', StringComparison.Ordinal)) throw Wrong("Postgres", "has a part without '='", PostgresForm);
        }

        try
        {
            var builder = new NpgsqlConnectionStringBuilder(given);
            if (string.IsNullOrWhiteSpace(builder.Host)) throw Wrong("Postgres", "has no Host", PostgresForm);
            if (builder.Port is < 1 or > 65535) throw Wrong("Postgres", "has a Port that is none", PostgresForm);
            return given;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            throw Wrong("Postgres", Reason(exception), PostgresForm);
        }
    }

    /// <exception cref="StartupException">It is no address of a broker.</exception>
    public static Uri RabbitMq(string given)
    {
        if (!given.StartsWith("amqp://", StringComparison.OrdinalIgnoreCase) && !given.StartsWith("amqps://", StringComparison.OrdinalIgnoreCase)) throw Wrong("RabbitMq", "does not begin with amqp:// or amqps://", RabbitMqForm);
        var authority = given[(given.IndexOf("://", StringComparison.Ordinal) + 3)..];
        if (authority.Contains('#', StringComparison.Ordinal) || authority.Count(letter => letter == '@') > 1) throw Wrong("RabbitMq", "has a '#' or '@' in user or password", "write %23 for # and %40 for @ there");

        var place = authority[(authority.LastIndexOf('@') + 1)..].Split('/', 2)[0];
        if (place.Length == 0 || place.StartsWith(':')) throw Wrong("RabbitMq", "has no host", RabbitMqForm);
        var port = place.StartsWith('[') ? place[(place.IndexOf(']', StringComparison.Ordinal) + 1)..] : place.Contains(':', StringComparison.Ordinal) ? place[place.IndexOf(':', StringComparison.Ordinal)..] : "";
        if (port.Length > 0 && !(int.TryParse(port.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536)) throw Wrong("RabbitMq", "has a port that is none", RabbitMqForm);
        if (!Uri.TryCreate(given, UriKind.Absolute, out var broker) || broker.Host.Length == 0) throw Wrong("RabbitMq", "has a host that is none", RabbitMqForm);
        if (broker.UserInfo.Length > 0 && broker.UserInfo.Split(':') is not [{ Length: > 0 }, { Length: > 0 }]) throw Wrong("RabbitMq", "has a user without a password, or the other way round", RabbitMqForm);
        if (broker.AbsolutePath.Trim('/').Contains('/', StringComparison.Ordinal)) throw Wrong("RabbitMq", "has a virtual host with a '/' in it", "write %2F for it");
        return broker.Query.Length == 0 ? broker : throw Wrong("RabbitMq", "has a '?'", RabbitMqForm);
    }

    /// <exception cref="StartupException">One of them is no host with a port.</exception>
    public static IReadOnlyList<string> RabbitMqNodes(string? given)
    {
        string[] nodes = (given ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var node in nodes)
        {
            // A host and its port and nothing else: what a URL has besides would be lost.
            if (!Uri.TryCreate($"amqp://{node}", UriKind.Absolute, out var address) || address.Host.Length == 0 || address.Port < 1 || !address.Authority.Equals(node, StringComparison.OrdinalIgnoreCase))
            {
                throw Wrong("RabbitMqNodes", "has a node that is no host with a port", "write host:port, with commas between them");
            }
        }

        return nodes;
    }

    /// <summary>The library names the keyword it knows not, or whose value it cannot take, and never a value.</summary>
    private static string Reason(Exception exception) => exception switch
    {
        ArgumentException { ParamName: { Length: > 0 } keyword } => $"has a value that cannot be for '{keyword}'",
        ArgumentException when exception.Message.StartsWith("Keyword not supported", StringComparison.OrdinalIgnoreCase) => $"has a name that means nothing: {exception.Message}",
        _ => "is malformed",
    };

    private static StartupException Wrong(string setting, string problem, string wanted) => new($"Farm:{setting} (SANDQUEUE_Farm__{setting}) {problem}; {wanted}");
}
