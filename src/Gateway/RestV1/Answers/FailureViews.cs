using System.ComponentModel;
using SandQueue.Gateway.Http;
using SandQueue.Storage.Journal;

namespace SandQueue.Gateway.RestV1.Answers;

internal sealed record FailureView(
    string CommandId,
    [property: Description("step, evaluate or release")] string Kind,
    [property: Description("rejected, expired, cancelled or failed")] string End,
    [property: Description("Why, for programs, as in the code of a problem")] string Reason,
    [property: Description("agent, infrastructure or caller; null where nobody is known to have caused it")] string? Cause,
    [property: Description("Why, one line")] string? Detail,
    DateTimeOffset RecordedAt)
{
    public static FailureView Of(FailedCommand failed) => new(
        failed.CommandId, RestJson.Name(failed.Kind), RestJson.Name(failed.End), OutcomeNames.Reason(failed.Reason), failed.Cause is { } cause ? RestJson.Name(cause) : null, failed.Detail, RestJson.Time(failed.RecordedAt));
}

internal sealed record FailurePage(
    string InstanceId,
    long EpisodeId,
    [property: Description("In the order of the journal")] IReadOnlyList<FailureView> Failures,
    [property: Description("What asks for the next page; null on the last")] string? NextCursor);
