namespace SandQueue.Client.Commands;

/// <summary>The codes that decide what the client does.</summary>
internal static class Codes
{
    public const string InvalidRequest = "invalid_request";
    public const string TooManySteps = "too_many_steps";
    public const string BodyTooLarge = "body_too_large";
    public const string RequestTimeout = "request_timeout";
    public const string Unauthenticated = "unauthenticated";
    public const string Forbidden = "forbidden";
    public const string UnknownInstance = "unknown_instance";
    public const string Released = "released";
    public const string UnknownCommand = "unknown_command";
    public const string NoCapacity = "no_capacity";
    public const string OtherVersion = "other_version";
    public const string OwnerChanged = "owner_changed";
    public const string OverLimit = "over_limit";
    public const string TimedOut = "timed_out";
    public const string EnvironmentFailed = "environment_failed";
    public const string DatabaseUnavailable = "database_unavailable";
    public const string JournalUnwritable = "journal_unwritable";
    public const string Stopping = "stopping";
    public const string InternalError = "internal_error";
    public const string UnknownEnd = "unknown_end";

    /// <summary>Nothing was sent: there is nobody at the address, or the way there is broken.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>What came back is no answer of SandQueue's.</summary>
    public const string MalformedAnswer = "malformed_answer";

    /// <summary>Whether the same command, under the same id, may yet complete.</summary>
    public static bool AreSentAgain(string code) => code
        is NoCapacity or OtherVersion or OwnerChanged or OverLimit or DatabaseUnavailable or JournalUnwritable or Stopping or InternalError or UnknownEnd or Unreachable or RequestTimeout or MalformedAnswer;

    /// <summary>Whether a command with this code may have taken effect, where nothing else was said of its end.</summary>
    public static bool AreUnknownEnds(string code) => code is UnknownEnd or DatabaseUnavailable or JournalUnwritable or Stopping or InternalError or MalformedAnswer or RequestTimeout;
}
