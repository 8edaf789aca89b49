using System.Security.Cryptography;
using System.Text;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>
/// A server that runs already, at <see cref="Configuration.EnvironmentOptions.Address"/>. Its worker neither starts nor ends it: where
/// it answers no health check, its instances are made again once it does.
/// </summary>
internal sealed class AttachedServer : IContainer
{
    /// <summary>How an address of a Unix socket begins.</summary>
    public const string SocketScheme = "unix:";

    private readonly CancellationTokenSource _exited = new();

    public AttachedServer(string id, string address)
    {
        Id = $"{id} ({address})";
        ImageDigest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)))}";
        (Http, Connect) = address.StartsWith(SocketScheme, StringComparison.Ordinal)
            ? ServerAddress.OverSocket(address[SocketScheme.Length..])
            : ServerAddress.OverTcp(new Uri(address).Host, new Uri(address).Port);
    }

    public string Id { get; }

    /// <summary>Of its address: what runs there is not known.</summary>
    public string ImageDigest { get; }

    public HttpClient Http { get; }

    public Func<CancellationToken, ValueTask<Stream>>? Connect { get; }

    /// <summary>Cancelled when its worker gives it up.</summary>
    public CancellationToken Exited => _exited.Token;

    public string LastOutput => "(it was started by others, who see what it prints)";

    public async ValueTask DisposeAsync()
    {
        await _exited.CancelAsync();
        Http.Dispose();
    }
}
