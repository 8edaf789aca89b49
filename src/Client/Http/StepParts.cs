using SandQueue.Client.Commands;

namespace SandQueue.Client.Http;

/// <summary>Steps as requests that a gateway takes.</summary>
internal static class StepParts
{
    /// <summary>What one request may have by the gateway's own settings, if nobody changed them.</summary>
    private const int MostSteps = 256;

    /// <summary>The same in bytes, with room for what stands around the actions.</summary>
    private const long MostBytes = 8 << 20;

    public static IEnumerable<IReadOnlyList<Step>> Of(IReadOnlyList<Step> steps)
    {
        var (part, bytes) = (new List<Step>(), 0L);
        foreach (var step in steps)
        {
            if (part.Count == MostSteps || (part.Count > 0 && bytes + step.Action.Length > MostBytes))
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(step);
            bytes += step.Action.Length + step.Params.Length;
        }

        if (part.Count > 0) yield return part;
    }
}
