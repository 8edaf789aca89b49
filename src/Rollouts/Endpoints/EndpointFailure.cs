namespace SandQueue.Rollouts.Endpoints;

/// <summary>What follows from a failed call of an endpoint.</summary>
internal enum EndpointFailure
{
    /// <summary>Another attempt may go well: it was too busy, failed, hung, or answered nonsense.</summary>
    Passing,

    /// <summary>It does not take this request: the same again is refused again.</summary>
    Refused,

    /// <summary>What was said is more than the model reads.</summary>
    ContextLength,

    /// <summary>It would refuse every request: it is not there, its address may not be called, or it does not take the key or the model.</summary>
    Unusable,
}
