using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>What became of a retry.</summary>
/// <param name="Batch">The batch as it is now.</param>
/// <param name="Rollouts">How many of its rollouts begin anew; 0 where the retry was refused.</param>
/// <param name="Keys">What is wrong with the key that came with it.</param>
public sealed record BatchRetry(Batch Batch, int Rollouts, RetryKeys Keys);

/// <summary>Whether the rollouts that a retry begins anew have their keys.</summary>
public enum RetryKeys
{
    /// <summary>They do.</summary>
    Sound,

    /// <summary>Theirs were erased when the batch closed, and no other was given.</summary>
    Erased,

    /// <summary>One key was given, and they ask several endpoints with keys: it would be told to endpoints that it is not for.</summary>
    ForManyEndpoints,

    /// <summary>One was given, and none of them came with a key.</summary>
    NotNeeded,
}
