namespace SandQueue.Client.Commands;

/// <summary>
/// Carries commands to SandQueue, one attempt each. What goes wrong is a <see cref="Refusal"/>, also a broken connection; nothing is thrown but the caller's
/// cancellation, and <see cref="ObjectDisposedException"/> once it is disposed. Attempts run side by side.
/// </summary>
internal interface ITransport : IAsyncDisposable
{
    /// <param name="command">The command.</param>
    /// <param name="time">How long it may take there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Reply> SendAsync(Command command, TimeSpan time, CancellationToken cancellationToken);

    /// <summary>Parts steps of different instances, in their order, into what goes together.</summary>
    IEnumerable<IReadOnlyList<Step>> Parts(IReadOnlyList<Step> steps);

    /// <summary>Takes the steps of one part, or some of them, side by side.</summary>
    /// <returns>What came of each, in their order.</returns>
    Task<IReadOnlyList<Reply>> StepPartAsync(IReadOnlyList<Step> steps, TimeSpan time, CancellationToken cancellationToken);
}
