using System.Text.Json;

namespace SandQueue.Rollouts.Requests;

/// <summary>Reads the policy <c>model</c>.</summary>
internal static class ModelReading
{
    private const int LongestAddress = 2000;
    private const int LongestKey = 8000;
    private const int LongestName = 200;
    private const int MostRetries = 20;

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromHours(1);

    /// <summary>What every call is given by us.</summary>
    private static readonly string[] Ours = ["model", "messages", "tools", "stream", "n"];

    public static string[] Names { get; } =
        ["base_url", "model", "api_key", "secret", "sampling", "tools", "max_tokens_total", "request_timeout_s", "retries", "stream"];

    public static ModelRequest Read(RequestFields fields, string path)
    {
        if (fields.Find("headers") is not null) throw new RolloutRequestException($"{path}.headers cannot be given; an endpoint gets its key as a bearer token, by {path}.api_key or {path}.secret");
        var key = fields.Text("api_key", LongestKey);
        if (key is not null && key.AsSpan().ContainsAnyExceptInRange('!', '~')) throw new RolloutRequestException($"{path}.api_key has characters that no key has: spaces or letters beyond ASCII");
        var secret = fields.Text("secret", LongestName);
        if (key is not null && secret is not null) throw new RolloutRequestException($"{path} has api_key and secret; give one of them");
        var sampling = fields.Object("sampling");
        if (sampling is { } given) CheckSampling(given, path);
        var read = new ModelRequest(Address(fields.RequiredText("base_url", LongestAddress), $"{path}.base_url"), fields.RequiredText("model", LongestName))
        {
            ApiKey = key,
            Secret = secret,
            Sampling = sampling?.Clone() ?? default,
            HasNativeTools = fields.Word("tools", ["native", "text"]) != "text",
            MaxTokensTotal = fields.Integer("max_tokens_total", 1, long.MaxValue),
            IsStreamed = fields.Flag("stream") ?? false,
        };
        return read with
        {
            RequestTimeout = fields.Seconds("request_timeout_s", LongestAnswer) ?? read.RequestTimeout,
            Retries = (int)(fields.Integer("retries", 0, MostRetries) ?? read.Retries),
        };
    }

    private static Uri Address(string text, string path)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps) || address.Host.Length == 0)
        {
            throw new RolloutRequestException($"{path} must be an address that begins with http:// or https://, like http://127.0.0.1:8000/v1");
        }

        if (address.UserInfo.Length > 0) throw new RolloutRequestException($"{path} must not have a user or a password in it; give the key as api_key or secret");
        if (address.Query.Length > 0 || address.Fragment.Length > 0) throw new RolloutRequestException($"{path} must end with its path, without ? or #");
        return address.AbsoluteUri.EndsWith('/') ? address : new Uri($"{address.AbsoluteUri}/");
    }

    private static void CheckSampling(JsonElement sampling, string path)
    {
        try
        {
            foreach (var name in Ours)
            {
                if (sampling.TryGetProperty(name, out _)) throw new RolloutRequestException($"{path}.sampling must not have {name}; {(name == "n" ? "repeats are repeats of the task" : "it is set for every call")}");
            }
        }
        catch (InvalidOperationException)
        {
            throw new RolloutRequestException($"{path}.sampling: a member's name is not valid text");
        }
    }
}
