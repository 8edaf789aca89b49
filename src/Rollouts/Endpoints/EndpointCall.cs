namespace SandQueue.Rollouts.Endpoints;

/// <summary>One call of a chat endpoint.</summary>
/// <param name="Address">Where it goes: <c>…/chat/completions</c>.</param>
/// <param name="Body">The request, JSON.</param>
/// <param name="IsStreamed">Whether the answer comes in pieces.</param>
/// <param name="Timeout">How long one attempt may take.</param>
/// <param name="Retries">How often it is tried again.</param>
/// <param name="ApiKey">The bearer token; null where there is none.</param>
internal sealed record EndpointCall(Uri Address, byte[] Body, bool IsStreamed, TimeSpan Timeout, int Retries, string? ApiKey)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => $"POST {Address}";
}
