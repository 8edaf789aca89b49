namespace SandQueue.Bench.Doors;

/// <summary>One episode of FrozenLake at one door. It bumps into the edge, so that it never ends by itself.</summary>
internal interface IDoorPlayer : IAsyncDisposable
{
    Task OpenAsync(string taskId, CancellationToken cancellationToken);

    /// <returns>Steps taken: more than one where a call takes many.</returns>
    /// <exception cref="InvalidDataException">It was answered with anything but a step.</exception>
    Task<int> StepAsync(CancellationToken cancellationToken);
}
