namespace SandQueue.Gateway.Http;

/// <summary>Reasons for programs that are no <see cref="Contracts.CommandReason"/>: errors of requests rather than of commands. Callers match them, so they stay.</summary>
internal static class ErrorCodes
{
    public const string InternalError = "internal_error";
    public const string DatabaseAway = "database_unavailable";
    public const string JournalFull = "journal_unwritable";
    public const string Stopping = "stopping";
    public const string UnknownEnd = "unknown_end";
}
