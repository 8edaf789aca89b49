using SandQueue.Contracts;

namespace SandQueue.Gateway.Http;

/// <summary>Which HTTP status says why a command has no answer: the same at every door that speaks HTTP.</summary>
internal static class OutcomeStatus
{
    public static int Of(CommandReason reason) => reason switch
    {
        CommandReason.InvalidRequest or CommandReason.RecordedMiss => StatusCodes.Status400BadRequest,
        CommandReason.UnknownInstance or CommandReason.Released => StatusCodes.Status404NotFound,
        CommandReason.EpisodeOver or CommandReason.Conflict or CommandReason.CallerGone => StatusCodes.Status409Conflict,
        CommandReason.Lost or CommandReason.Diverged => StatusCodes.Status410Gone,
        CommandReason.NoCapacity or CommandReason.OtherVersion => StatusCodes.Status503ServiceUnavailable,
        CommandReason.OverLimit => StatusCodes.Status429TooManyRequests,
        CommandReason.TimedOut => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };
}
