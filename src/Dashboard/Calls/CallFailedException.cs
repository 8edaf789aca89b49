namespace SandQueue.Dashboard.Calls;

/// <summary>The gateway refused a call; the message is its own, one line for people.</summary>
public sealed class CallFailedException(int status, string? code, string detail) : Exception(detail)
{
    /// <summary>The status of the answer.</summary>
    public int Status => status;

    /// <summary>The reason for programs, as <c>unknown_instance</c>.</summary>
    public string? Code => code;
}
