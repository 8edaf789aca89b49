namespace SandQueue.Gateway.Http;

/// <summary>How many entries a page of a list has, whatever door it is asked for through.</summary>
internal static class PageLimit
{
    /// <summary>If the caller does not say.</summary>
    public const int Usual = 100;

    public const int Largest = 1000;
}
