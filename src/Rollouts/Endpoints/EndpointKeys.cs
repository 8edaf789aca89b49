namespace SandQueue.Rollouts.Endpoints;

/// <summary>What may be a key: it travels in a header, where spaces, line breaks and letters beyond ASCII have no place.</summary>
public static class EndpointKeys
{
    public static bool MayBe(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length > 0 && !key.AsSpan().ContainsAnyExceptInRange('!', '~');
    }
}
