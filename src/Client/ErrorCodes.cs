using SandQueue.Client.Commands;

namespace SandQueue.Client;

/// <summary>What <see cref="SandQueueException.Code"/> may be: the codes of REST v1, over every transport, and two of the client's own. More may be added.</summary>
public static class ErrorCodes
{
    /// <summary>A value is wrong; the message names it.</summary>
    public const string InvalidRequest = Codes.InvalidRequest;

    /// <summary>The API key, or the broker's user or password, is missing or wrong.</summary>
    public const string Unauthenticated = Codes.Unauthenticated;

    /// <summary>The key, or the broker's user, may not do that.</summary>
    public const string Forbidden = Codes.Forbidden;

    /// <summary>You have no such instance.</summary>
    public const string UnknownInstance = Codes.UnknownInstance;

    /// <summary>The instance was released: by you, or as idle.</summary>
    public const string Released = Codes.Released;

    /// <summary>No living worker serves that environment.</summary>
    public const string UnknownEnvironment = "unknown_environment";

    /// <summary>The episode has ended; only evaluations and the release go on.</summary>
    public const string EpisodeOver = "episode_over";

    /// <summary>The id or the number was used for something else, or the number is not the next.</summary>
    public const string Conflict = "conflict";

    /// <summary>The instance died and could not be brought back. Create another.</summary>
    public const string Lost = "lost";

    /// <summary>The instance was rebuilt, and its replay differed from its journal. Create another.</summary>
    public const string Diverged = "diverged";

    /// <summary>You are over one of your limits; the message names it.</summary>
    public const string OverLimit = Codes.OverLimit;

    /// <summary>A recorded episode was asked for what it does not have; it stays where it is.</summary>
    public const string RecordedMiss = "recorded_miss";

    /// <summary>The environment failed. The instance is as it was before the command.</summary>
    public const string EnvironmentFailed = Codes.EnvironmentFailed;

    /// <summary>The gateway itself failed. Whether the command took effect is not known.</summary>
    public const string InternalError = Codes.InternalError;

    /// <summary>No worker had a free slot.</summary>
    public const string NoCapacity = Codes.NoCapacity;

    /// <summary>The time ran out: the command did not take effect and never will.</summary>
    public const string TimedOut = Codes.TimedOut;

    /// <summary>Whether the command took effect is not known.</summary>
    public const string UnknownEnd = Codes.UnknownEnd;

    /// <summary>The client's own: nobody was reached, and nothing was sent.</summary>
    public const string Unreachable = Codes.Unreachable;

    /// <summary>The client's own: what was answered is no answer of SandQueue's.</summary>
    public const string MalformedAnswer = Codes.MalformedAnswer;
}
