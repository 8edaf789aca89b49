namespace SandQueue.FaultRuns.Models;

/// <summary>What decides an episode besides its actions.</summary>
internal sealed record EpisodeName(string Environment, string Task, int Seed);
