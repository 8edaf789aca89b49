namespace SandQueue.Cli.Gateways;

/// <summary>Ends the program with one line: what was wrong, where, what to do.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="message">The line.</param>
/// <param name="innerException">What it follows from.</param>
internal sealed class CliException(int exitCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public int Code { get; } = exitCode;

    /// <summary>The gateway has no such route.</summary>
    public bool IsUnknownRoute { get; init; }

    public static CliException Usage(string message) => new(ExitCode.Usage, message);
}
