namespace SandQueue.Bench.Compare.Loops;

/// <summary>One client of a measurement. It has one call under way at a time.</summary>
internal interface IPlayer : IAsyncDisposable
{
    /// <summary>Makes one call, or the calls that are measured as one.</summary>
    /// <exception cref="InvalidDataException">It was not answered as it has to be.</exception>
    ValueTask<Played> PlayAsync();
}
