namespace SandQueue.Client;

/// <summary>An environment that living workers serve.</summary>
/// <param name="EnvType">Its name.</param>
/// <param name="Tasks">How many tasks it lists.</param>
/// <param name="Unlimited">More tasks than those can be created.</param>
/// <param name="DataSource">Which data it serves, in words.</param>
/// <param name="Problems">What of its data could not be loaded, a line each.</param>
public sealed record EnvironmentSummary(string EnvType, int Tasks, bool Unlimited, string DataSource, IReadOnlyList<string> Problems);
