using System.Security.Cryptography;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Recorded;

/// <summary>Stands where the container of a server would be: a pool counts the instances in it, and there is nothing to reach.</summary>
internal sealed class JournalContainer(string id) : IContainer
{
    private static readonly string Digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData("sandqueue recorded/1"u8))}";

    private readonly CancellationTokenSource _exited = new();

    public string Id => id;

    /// <summary>The same always: what answers is an episode, and the episode says on which image it was played.</summary>
    public string ImageDigest => Digest;

    public HttpClient Http => throw new InvalidOperationException("a recorded environment has no server");

    public CancellationToken Exited => _exited.Token;

    public string LastOutput => "";

    public async ValueTask DisposeAsync() => await _exited.CancelAsync();
}
