using SandQueue.Gateway.Tools;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.Catalogue;

/// <summary>What the journal has of an instance's episode.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Opening">What its Create answered.</param>
/// <param name="LastStep">What its last step answered; null where none was taken.</param>
/// <param name="Evaluation">What it was evaluated as after its last step; null where it was not.</param>
/// <param name="Tools">What an agent may call now.</param>
internal sealed record RecordedEpisode(InstanceSummary Instance, byte[] Opening, byte[]? LastStep, byte[]? Evaluation, OfferedTools Tools);
