using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Catalogue;

/// <summary>The tasks of a split, or why they cannot be told.</summary>
/// <param name="Ids">Their ids, in the order of the data.</param>
/// <param name="Refused">Why there are none; null where they were listed.</param>
internal sealed record TaskList(IReadOnlyList<string> Ids, CommandOutcome? Refused);
