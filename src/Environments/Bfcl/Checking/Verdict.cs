using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Bfcl.Checking;

/// <summary>What a checker says of an answer.</summary>
/// <param name="ErrorType">The benchmark's own name for what is wrong; null for a right answer.</param>
/// <param name="Errors">The same in words, one or more lines; empty for a right answer.</param>
internal sealed record Verdict(bool Valid, string? ErrorType, IReadOnlyList<string> Errors)
{
    // The words repeat the agent's values, which may be of any length, and an instance keeps them.
    private const int LongestError = 2000;

    public static readonly Verdict Right = new(true, null, []);

    /// <summary>Nothing was answered yet. It is wrong everywhere: silence is no answer to an irrelevance task either.</summary>
    public static readonly Verdict None = Wrong("no_answer", "no answer yet");

    public static Verdict Wrong(string errorType, params IReadOnlyList<string> errors) => new(false, errorType, [.. errors.Select(Shortened)]);

    private static string Shortened(string error) =>
        error.Length <= LongestError ? error : $"{WholeCharacters.Beginning(error, LongestError)}…";
}
