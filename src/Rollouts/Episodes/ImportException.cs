namespace SandQueue.Rollouts.Episodes;

/// <summary>An import cannot go on. Its message is one line for people, and names the line.</summary>
/// <param name="line">The line of the file, from 1.</param>
/// <param name="message">What is wrong with it.</param>
public sealed class ImportException(long line, string message) : Exception($"line {line}: {message}")
{
    /// <summary>The line of the file, from 1.</summary>
    public long Line { get; } = line;
}
