namespace SandQueue.Client.Commands;

/// <summary>Why a command has no answer.</summary>
/// <param name="Code">The reason for programs.</param>
/// <param name="Detail">The reason for people, one line.</param>
/// <param name="End">How the command ended: <c>rejected</c>, <c>expired</c>, <c>cancelled</c>, <c>failed</c> or <c>unknown</c>.</param>
/// <param name="Cause">Whose doing it was: <c>agent</c>, <c>infrastructure</c>, <c>caller</c>; null where that is not said.</param>
/// <param name="RetryAfter">When to come back; null where that is not said.</param>
internal sealed record Refusal(string Code, string Detail, string End, string? Cause = null, TimeSpan? RetryAfter = null)
{
    private const string RejectedEnd = "rejected";
    private const string UnknownName = "unknown";
    private const string Infrastructure = "infrastructure";

    /// <summary>It may have taken effect.</summary>
    public bool IsUnknown => End == UnknownName;

    /// <summary>
    /// It refuses one attempt before anybody looked at the command, and so says nothing of an attempt before it: by the way there, by who asks, or by what is not SandQueue.
    /// </summary>
    public bool IsOfAttempt { get; init; } = Code is Codes.Unreachable or Codes.Unauthenticated or Codes.Forbidden or Codes.BodyTooLarge;

    /// <summary>The command did not take effect.</summary>
    public static Refusal Rejected(string code, string detail) => new(code, detail, RejectedEnd);

    /// <summary>Nothing was sent.</summary>
    public static Refusal Unreachable(string detail) => new(Codes.Unreachable, detail, RejectedEnd, Infrastructure);

    /// <summary>It was sent, and whether it took effect is not known.</summary>
    public static Refusal Unknown(string detail, string code = Codes.UnknownEnd) => new(code, detail, UnknownName, Infrastructure);
}
