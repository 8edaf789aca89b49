namespace SandQueue.Cli.Gateways;

/// <summary>Where the gateway is, and the key for it.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Key">The key; null for none. Never shown.</param>
internal sealed record GatewayAddress(Uri Url, string? Key)
{
    public const string UrlVariable = "SANDQUEUE_URL";
    public const string KeyVariable = "SANDQUEUE_KEY";
    public const string KeyFileVariable = "SANDQUEUE_KEY_FILE";
    public const string Default = "http://127.0.0.1:8080";

    /// <param name="url">From the command line; null for the environment's.</param>
    /// <param name="key">From the command line.</param>
    /// <param name="keyFile">A file whose first line is the key.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static GatewayAddress Of(string? url, string? key, string? keyFile, Func<string, string?> variable)
    {
        var text = url ?? (variable(UrlVariable) is { Length: > 0 } given ? given : Default);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw CliException.Usage($"'{text}' is no address of a gateway; write --url like {Default}");
        if (address.UserInfo.Length > 0) throw CliException.Usage("the address of the gateway must not have a key in it; give it by --key-file or " + KeyVariable);

        return new GatewayAddress(address, Checked(key ?? FromFile(keyFile) ?? variable(KeyVariable) ?? FromFile(variable(KeyFileVariable))));
    }

    /// <summary>The record's own would show the key.</summary>
    public override string ToString() => Url.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static string? FromFile(string? path)
    {
        if (string.IsNullOrEmpty(path)) return null;

        try
        {
            return File.ReadLines(path).FirstOrDefault(line => line.Trim().Length > 0) ?? throw CliException.Usage($"the key file {path} is empty");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"the key file {path} cannot be read: {exception.Message}", exception);
        }
    }

    private static string? Checked(string? key) => key?.Trim() switch
    {
        null or "" => null,
        var trimmed when trimmed.AsSpan().ContainsAnyExceptInRange('!', '~') => throw CliException.Usage("the key has characters that no key has: spaces, line ends or letters beyond ASCII"),
        var trimmed => trimmed,
    };
}
