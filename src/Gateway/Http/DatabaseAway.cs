using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Http;

/// <summary>Answers a request whose database cannot be reached: 503, one line, and a line in the log.</summary>
internal static partial class DatabaseAway
{
    /// <param name="context">The request; nothing of its answer was written yet.</param>
    /// <param name="log">Where the failure goes.</param>
    /// <param name="failure">What the database, or the way to it, said.</param>
    /// <param name="advice">What the caller can do.</param>
    public static Task AnswerAsync(HttpContext context, ILogger log, Exception failure, string advice)
    {
        log.Failed(context.Request.Path, failure);
        var problem = JournalProbe.Problem(failure);
        return JsonAnswer.DetailAsync(
            context, StatusCodes.Status503ServiceUnavailable, problem ?? $"the database cannot be reached; {advice}", problem is null ? ErrorCodes.DatabaseAway : ErrorCodes.JournalFull);
    }

    [LoggerMessage(LogLevel.Warning, "{Path} failed: the database cannot be reached")]
    private static partial void Failed(this ILogger log, string path, Exception failure);
}
