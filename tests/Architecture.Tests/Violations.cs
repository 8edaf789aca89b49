namespace SandQueue.Architecture.Tests;

/// <summary>Lists what breaks a rule, a line each.</summary>
internal static class Violations
{
    /// <exception cref="ShouldAssertException">There is one.</exception>
    public static void ShouldBeNone<T>(this IEnumerable<T> violations)
        where T : notnull
    {
        var lines = violations.Select(violation => violation.ToString()).ToList();
        if (lines.Count > 0) throw new ShouldAssertException(string.Join(Environment.NewLine, lines.Prepend($"{lines.Count} against the rule:")));
    }
}
