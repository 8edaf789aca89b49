using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Rollouts.Requests;

namespace SandQueue.Gateway.RestV1.Requests;

/// <summary>What batches and rollouts refuse, as the problems of these routes.</summary>
internal static class RolloutRefusal
{
    public static async Task<T> ToldAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RequestRefusedException exception)
        {
            throw Of(exception);
        }
    }

    public static BadRequestException Of(RequestRefusedException refused) => refused.Kind switch
    {
        RefusalKind.Conflict => new BadRequestException(refused.Message, StatusCodes.Status409Conflict, OutcomeNames.Reason(CommandReason.Conflict)),
        RefusalKind.OverLimit => new BadRequestException(refused.Message, StatusCodes.Status429TooManyRequests, OutcomeNames.Reason(CommandReason.OverLimit)),
        RefusalKind.Unavailable => new BadRequestException(refused.Message, StatusCodes.Status503ServiceUnavailable, OutcomeNames.Reason(CommandReason.NoCapacity)),
        RefusalKind.Unknown => new BadRequestException(refused.Message, StatusCodes.Status404NotFound),
        _ => new BadRequestException(refused.Message),
    };

    public static BadRequestException UnknownBatch(string batch) => new($"there is no batch '{batch}'", StatusCodes.Status404NotFound, "unknown_batch");

    public static BadRequestException UnknownRollout(string rollout, string batch) => new($"batch '{batch}' has no rollout '{rollout}'", StatusCodes.Status404NotFound, "unknown_rollout");

    public static BadRequestException UnknownRollout(string rollout) => new($"there is no rollout '{rollout}'", StatusCodes.Status404NotFound, "unknown_rollout");
}
