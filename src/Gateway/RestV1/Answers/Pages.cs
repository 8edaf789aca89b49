using System.ComponentModel;
using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.RestV1.Answers;

internal sealed record EnvironmentView(
    string EnvType,
    [property: Description("How many tasks it lists")] int Tasks,
    [property: Description("Whether more tasks than those can be created")] bool Unlimited,
    [property: Description("Which data it serves, in words")] string DataSource,
    [property: Description("What of its data could not be loaded, a line each")] IReadOnlyList<string> Problems)
{
    public static EnvironmentView Of(ServedEnvironment served) => new(served.Name, served.Tasks, served.Unlimited, served.DataSource, served.Problems);
}

internal sealed record EnvironmentList(IReadOnlyList<EnvironmentView> Environments);

internal sealed record TaskPage(
    [property: Description("Task ids, in the order of the data")] IReadOnlyList<string> Tasks,
    [property: Description("What asks for the next page; null on the last")] string? NextCursor);

internal sealed record InstanceView(
    string InstanceId,
    [property: Description("Its own key: a name may be used again once its instance has ended")] long EpisodeId,
    string EnvType,
    string TaskId,
    [property: Description("creating, live, parked, released, lost, diverged or failed")] string State,
    [property: Description("How many steps were taken")] int Steps,
    [property: Description("Why the episode ended; null while it goes on")] string? EndReason,
    [property: Description("How often it was rebuilt from its journal")] int Recoveries,
    DateTimeOffset CreatedAt,
    [property: Description("Its last command; older than the truth while it is live")] DateTimeOffset LastUsedAt,
    [property: Description("When it was released, lost or found diverged; null while it lives")] DateTimeOffset? EndedAt,
    [property: Description("Why, one line; null while it lives")] string? EndDetail,
    [property: Description("The episode that it was forked from, and behind which step; null where it was not")] ParentView? Parent)
{
    public static InstanceView Of(InstanceSummary row) => new(
        row.InstanceId,
        row.EpisodeId,
        row.EnvType,
        row.TaskId,
        RestJson.Name(row.State),
        row.NextStep - 1,
        row.EndReason,
        row.Recoveries,
        RestJson.Time(row.CreatedAt),
        RestJson.Time(row.LastUsedAt),
        row.EndedAt is { } ended ? RestJson.Time(ended) : null,
        row.EndDetail,
        ParentView.Of(row));
}

internal sealed record ParentView([property: Description("The episode")] long EpisodeId, [property: Description("How many of its steps were played again")] int Step)
{
    public static ParentView? Of(InstanceSummary row) => row is { ParentEpisode: { } episode, ParentStep: { } step } ? new ParentView(episode, step) : null;
}

internal sealed record InstancePage(
    [property: Description("The newest first")] IReadOnlyList<InstanceView> Instances,
    [property: Description("What asks for the next page; null on the last")] string? NextCursor);

internal sealed record RunningCommand(string CommandId, string? InstanceId, [property: Description("running, where this gateway waits for its end; unknown where it knows of none")] string State)
{
    public static RunningCommand Of(Command command) => new(command.CommandId, (command as InstanceCommand)?.InstanceId, "running");
}

internal sealed record CapacityView(string EnvType, int FreeSlots, int LiveInstances);

internal sealed record WorkerView(
    string Name,
    string Host,
    string Version,
    [property: Description("Whether it hands its instances over and stops")] bool Draining,
    [property: Description("Instances that it could still take")] int FreeSlots,
    [property: Description("The same by environment; empty until its first renewal")] IReadOnlyList<CapacityView> Capacity,
    DateTimeOffset StartedAt)
{
    public static WorkerView Of(Worker worker) => new(
        worker.Name,
        worker.Host,
        worker.Version,
        worker.Draining,
        worker.FreeSlots,
        [.. worker.Capacity.Select(capacity => new CapacityView(capacity.Environment, capacity.FreeSlots, capacity.LiveInstances))],
        RestJson.Time(worker.StartedAt));
}

internal sealed record WorkerList(IReadOnlyList<WorkerView> Workers);

internal sealed record ContainerView(
    [property: Description("The engine's id of it, or that of the process")] string Id,
    [property: Description("The worker it belongs to")] string Worker,
    string EnvType,
    [property: Description("An image, a program with its script, an address, an assembly, or the built-in server")] string Runs,
    [property: Description("running, retiring (takes no more instances), quarantined (a call ran out of time in it), isolated (for one instance alone) or exited")] string State,
    [property: Description("Instances that it holds")] int Instances,
    [property: Description("Instances that it was given in its life")] int Served,
    [property: Description("When it became ready: a container is replaced, and never started again")] DateTimeOffset StartedAt)
{
    public static ContainerView Of(string worker, WorkerContainer container) => new(
        container.Id,
        worker,
        container.Environment,
        container.Runs,
        RestJson.Name(container.State),
        container.Instances,
        container.Served,
        RestJson.Time(container.StartedAt));
}

internal sealed record ContainerList([property: Description("As their workers published them with the last renewal of their leases")] IReadOnlyList<ContainerView> Containers);
