namespace SandQueue.FaultRuns;

/// <summary>Log lines of one kind.</summary>
/// <param name="Count">How often it was written.</param>
/// <param name="Program">worker or gateway.</param>
/// <param name="Level">warn, fail or crit.</param>
/// <param name="Category">The class that wrote it, and the number of the entry.</param>
/// <param name="Message">What it says, without its names and numbers.</param>
public sealed record LogLineKind(int Count, string Program, string Level, string Category, string Message);
