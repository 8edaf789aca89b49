namespace SandQueue.Bench.Compare.Figures;

/// <summary>A path at so many clients.</summary>
/// <param name="Path">Its name.</param>
/// <param name="Clients">How many.</param>
/// <param name="Unit">What is counted: step, row, call, episode, create.</param>
internal sealed record Row(string Path, int Clients, string Unit)
{
    /// <summary>The median of the repeats, where each call waits for the one before.</summary>
    public required Measurement Closed { get; init; }

    /// <summary>Likewise at a fixed rate of arrivals; null where that was not measured.</summary>
    public Measurement? Open { get; init; }

    /// <summary>Arrivals a second of <see cref="Open"/>.</summary>
    public double Arrivals { get; init; }
}
