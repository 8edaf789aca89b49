using System.Text.Json;

namespace SandQueue.Rollouts.Requests;

/// <summary>One task of a batch.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Params">Its own <c>params</c>, the exact bytes; null for the batch's.</param>
/// <param name="Actions">Its recorded actions, a list of messages; null where it has none.</param>
/// <param name="Policy">Its own policy; null for the batch's.</param>
public sealed record ItemRequest(string TaskId, byte[]? Params = null, JsonElement? Actions = null, StoredPolicy? Policy = null);
