using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Commands;

/// <summary>The header by which a caller of any HTTP door names its command, so that the command takes effect once.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>Keys are command ids, which the database keeps.</summary>
    public const int Longest = 200;

    /// <summary>A key that is dropped in silence would leave a caller unprotected who believes to be protected.</summary>
    /// <returns>The key; null where the request has none.</returns>
    /// <exception cref="BadRequestException">It is empty, too long, or there more than once.</exception>
    public static string? Of(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var keys)) return null;
        return keys switch
        {
            [{ Length: > Longest }] => throw new BadRequestException($"{Header} must have at most {Longest} characters"),
            [var key] when !string.IsNullOrWhiteSpace(key) => key,
            [_] => throw new BadRequestException($"{Header} is empty; give a key of your own, or leave the header out"),
            _ => throw new BadRequestException($"{Header} is there {keys.Count} times; a command has one key"),
        };
    }
}
