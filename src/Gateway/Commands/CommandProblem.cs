using System.Globalization;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Commands;

/// <summary>Why a command has no answer, as every HTTP door says it in a form of its own.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Code">The reason for programs, as <c>unknown_instance</c>.</param>
/// <param name="Detail">The reason for people: what was wrong, where, what to do.</param>
/// <param name="Refusal">The outcome, where the reason is its own; null where the end of the command is unknown, or its journal cannot be written.</param>
internal sealed record CommandProblem(int Status, string Code, string Detail, CommandOutcome.Refusal? Refusal)
{
    private const string RetryAfterSeconds = "5";

    /// <summary>Limits count per second, or end with a command that is under way.</summary>
    private const string RetrySoonSeconds = "1";

    /// <summary>What the header <c>Retry-After</c> says; null where another try would not help.</summary>
    public string? RetryAfter => Status switch
    {
        _ when Refusal is CommandOutcome.Rejected { RetryAfter: { } later } => later.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
        StatusCodes.Status503ServiceUnavailable => RetryAfterSeconds,
        StatusCodes.Status429TooManyRequests => RetrySoonSeconds,
        _ => null,
    };

    /// <summary>Decides what an outcome without an answer means: the journal's disk may be full, and its end may be unknown.</summary>
    /// <param name="context">The request.</param>
    /// <param name="outcome">Any outcome but one that completed.</param>
    /// <param name="key">Where this door's callers put their idempotency keys, in words.</param>
    public static Task<CommandProblem> OfAsync(HttpContext context, CommandOutcome outcome, string key) =>
        OfAsync(context.RequestServices?.GetService<JournalState>(), outcome, key, context.RequestAborted);

    /// <inheritdoc cref="OfAsync(HttpContext, CommandOutcome, string)"/>
    /// <param name="journal">Says whether the journal can be written; null where nobody knows.</param>
    /// <param name="outcome">Any outcome but one that completed.</param>
    /// <param name="key">Where this door's callers put their idempotency keys, in words.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public static async Task<CommandProblem> OfAsync(JournalState? journal, CommandOutcome outcome, string key, CancellationToken cancellationToken)
    {
        var refusal = outcome as CommandOutcome.Refusal;
        var askAgain = $"no answer came in time, and whether the command took effect is unknown; ask again with the same {key}";
        if (refusal is null or { Reason: CommandReason.NoCapacity or CommandReason.TimedOut } && journal is not null && await journal.ProblemAsync(cancellationToken) is { } problem)
        {
            return new CommandProblem(StatusCodes.Status503ServiceUnavailable, ErrorCodes.JournalFull, refusal is null ? $"{problem}. {askAgain}" : problem, Refusal: null);
        }

        return refusal is null
            ? new CommandProblem(StatusCodes.Status504GatewayTimeout, ErrorCodes.UnknownEnd, askAgain, Refusal: null)
            : Of(refusal);
    }

    /// <summary>What a refusal means that is known to be the command's end.</summary>
    public static CommandProblem Of(CommandOutcome.Refusal refusal) =>
        new(OutcomeStatus.Of(refusal.Reason), OutcomeNames.Reason(refusal.Reason), refusal.Detail, refusal);
}
