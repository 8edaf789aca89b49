using System.Text.Json;

namespace SandQueue.Rollouts.Requests;

/// <summary>Asks an OpenAI-compatible endpoint for every action.</summary>
/// <param name="BaseUrl">What <c>chat/completions</c> is under.</param>
/// <param name="Model">The model's name there.</param>
public sealed record ModelRequest(Uri BaseUrl, string Model) : PolicyRequest(PolicyTypes.Model)
{
    /// <summary>The key as the request gave it; null where it gave none. Never logged, never recorded.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The name of the stored secret that is the key; null where there is none.</summary>
    public string? Secret { get; init; }

    /// <summary>Members that every call of the endpoint has as they are, an object; undefined where there are none.</summary>
    public JsonElement Sampling { get; init; }

    /// <summary>Whether the environment's tools are offered as functions; else it is all text.</summary>
    public bool HasNativeTools { get; init; } = true;

    /// <summary>Tokens that the endpoint may use for one rollout, as it counts them: no turn is begun afterwards. Null for no limit.</summary>
    public long? MaxTokensTotal { get; init; }

    /// <summary>How long one answer may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often one call is tried again.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>Whether the answer is asked for in pieces (server-sent events).</summary>
    public bool IsStreamed { get; init; }

    /// <inheritdoc/>
    public override bool ReadsMessages => true;

    /// <inheritdoc/>
    public override bool IsDeterministic => false;

    /// <summary>Without the key.</summary>
    public override string ToString() => $"model {Model} at {BaseUrl}";
}
