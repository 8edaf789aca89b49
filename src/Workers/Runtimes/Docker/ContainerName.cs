using System.Security.Cryptography;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>The name of a container, of the network that is its own, and of the folder of its socket.</summary>
internal sealed record ContainerName(string Text)
{
    private const int SuffixLength = 12;

    /// <summary>Its last part, unlike that of any other. Short: the path of a Unix socket has at most 107 bytes.</summary>
    public string Suffix => Text[^SuffixLength..];

    public static ContainerName New(string environment)
    {
        // The engine takes letters, digits and these three; an env_type may be anything.
        var readable = string.Concat(environment.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-' ? letter : '-'));
        return new ContainerName($"sandqueue-{readable}-{RandomNumberGenerator.GetHexString(SuffixLength, lowercase: true)}");
    }

    public override string ToString() => Text;
}
