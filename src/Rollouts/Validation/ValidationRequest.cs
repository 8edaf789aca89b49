namespace SandQueue.Rollouts.Validation;

/// <summary>Which tasks of an environment are to be validated.</summary>
/// <param name="Tenant">Who asks; the instances are this tenant's.</param>
/// <param name="EnvType">The environment.</param>
/// <param name="Split">The split.</param>
/// <param name="Sample">How many of its tasks, drawn by the seed; null for all.</param>
/// <param name="Seed">Decides the sample and the noise.</param>
/// <param name="Concurrency">How many tasks are played at once.</param>
public sealed record ValidationRequest(string Tenant, string EnvType, string Split, int? Sample, long Seed, int Concurrency);
