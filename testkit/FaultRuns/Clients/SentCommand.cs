using System.Text;

namespace SandQueue.FaultRuns.Clients;

/// <summary>One command of a client's, as it was sent and answered.</summary>
internal sealed class SentCommand
{
    private static readonly byte[] Before = "{\"success\":true,\"data\":"u8.ToArray();

    public required CommandKind Kind { get; init; }

    /// <summary>Its id; null where it has only the number of its step.</summary>
    public required string? Key { get; init; }

    /// <summary>The number the step has in its episode; 0 for all else.</summary>
    public int Step { get; init; }

    /// <summary>The content of the message; empty for all but steps.</summary>
    public string Content { get; init; } = "";

    /// <summary>The request.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The message within the request, byte for byte.</summary>
    public byte[] Action { get; init; } = [];

    public required bool HasHeader { get; init; }

    public ToldEnd Told { get; set; }

    public int Status { get; set; }

    /// <summary>The body of its answer.</summary>
    public byte[] Answer { get; set; } = [];

    public int Tries { get; set; }

    public double Milliseconds { get; set; }

    public long StartedAt { get; set; }

    public string AnswerText => Encoding.UTF8.GetString(Answer);

    /// <summary>The journal's part of a completed answer.</summary>
    public ReadOnlySpan<byte> Data => Answer.Length > Before.Length && Answer.AsSpan().StartsWith(Before) ? Answer.AsSpan(Before.Length, Answer.Length - Before.Length - 1) : default;
}
