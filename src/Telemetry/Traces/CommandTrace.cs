using System.Diagnostics;
using SandQueue.Contracts;

namespace SandQueue.Telemetry.Traces;

/// <summary>
/// The spans of a command: one where it is sent, one at its worker, one for the call of its environment and one for its row in the journal. Who listens to
/// nothing allocates nothing, and a command that is not sampled where it begins is not anywhere.
/// </summary>
public static class CommandTrace
{
    /// <summary>Attribute: the run that a rollout or a trainer's command belongs to. Callers give it as W3C baggage of that name.</summary>
    public const string RunId = "rl.run.id";

    /// <summary>Attribute: the environment.</summary>
    public const string EnvironmentName = "rl.environment.name";

    /// <summary>Attribute: the idempotency key, which answers, log lines and the journal have.</summary>
    public const string CommandId = "sandqueue.command.id";

    /// <summary>Attribute: the instance.</summary>
    public const string InstanceId = "sandqueue.instance.id";

    private const string EndName = "sandqueue.end";

    /// <summary>Whether anybody listens.</summary>
    public static bool IsRead => Signals.Source.HasListeners();

    /// <summary>The span of a message at a door that no web server traces.</summary>
    /// <param name="name">What the door does, without ids.</param>
    /// <param name="parent">The <c>traceparent</c> that came with it; null, or a text that is none, begins a trace.</param>
    public static Activity? Arrive(string name, string? parent) =>
        Signals.Source.HasListeners() ? Signals.Source.StartActivity(name, ActivityKind.Server, ActivityContext.TryParse(parent, traceState: null, isRemote: true, out var sender) ? sender : default) : null;

    /// <summary>The span of a command at who sends it, until its end is known there. Dispose it then.</summary>
    /// <returns>Null where it is not sampled.</returns>
    public static Activity? Send(Command command)
    {
        // Whether a trace is sampled was decided at its door: ninety-nine commands in a hundred need not ask again.
        if (Activity.Current is { Recorded: false } || !Signals.Source.HasListeners()) return null;
        var run = Activity.Current?.GetBaggageItem(RunId);
        var span = Signals.Source.StartActivity(CommandVerb.Of(command), ActivityKind.Client);
        if (span is not { IsAllDataRequested: true }) return Unrecorded(span);
        Describe(span, command);
        if (run is not null) span.SetTag(RunId, run);
        return span;
    }

    /// <summary>The span of a command at its worker, a child of the one that sent it. Dispose it with the reply.</summary>
    /// <returns>Null where its sender does not sample it.</returns>
    public static Activity? Receive(Command command)
    {
        if (command.TraceParent is not { } parent || !Signals.Source.HasListeners() || !ActivityContext.TryParse(parent, command.TraceState, isRemote: true, out var sender)) return null;
        var span = Signals.Source.StartActivity($"execute {CommandVerb.Of(command)}", ActivityKind.Consumer, sender);
        if (span is { IsAllDataRequested: true }) Describe(span, command);
        return span;
    }

    /// <summary>The span of a part of what runs now: a call of the environment, a row for the journal.</summary>
    /// <param name="name">What it does, without ids.</param>
    /// <param name="kind">Whether another process does it.</param>
    /// <param name="environment">The environment; null where that says nothing.</param>
    /// <returns>Null where what runs now is not sampled.</returns>
    public static Activity? Part(string name, ActivityKind kind, string? environment = null)
    {
        if (Activity.Current is not { Recorded: true } || Signals.Source.StartActivity(name, kind) is not { } span) return null;
        if (environment is not null) span.SetTag(EnvironmentName, environment);
        return span;
    }

    /// <summary>The span of a rollout that a worker plays, from its claim to its end; its commands are children.</summary>
    /// <param name="run">Its batch.</param>
    /// <param name="environment">Its environment.</param>
    public static Activity? Rollout(string run, string environment)
    {
        if (!Signals.Source.HasListeners() || Signals.Source.StartActivity("rollout", ActivityKind.Internal) is not { } span) return null;
        span.SetBaggage(RunId, run);
        return span.SetTag(RunId, run).SetTag(EnvironmentName, environment);
    }

    /// <summary>Says how it ended. An end that is no answer makes the span an error.</summary>
    public static void End(Activity span, string end, string? environment)
    {
        ArgumentNullException.ThrowIfNull(span);
        span.SetTag(EndName, end);
        if (environment is not null) span.SetTag(EnvironmentName, environment);
        if (end is not ("completed" or "elsewhere")) span.SetStatus(ActivityStatusCode.Error, end);
    }

    /// <summary>Says how it ended at its worker.</summary>
    /// <param name="span">The span.</param>
    /// <param name="reply">Null where it came to no end there: it was forwarded, or is executed again.</param>
    public static void Replied(Activity span, CommandReply? reply) =>
        End(span, reply is null ? "elsewhere" : reply.End.ToString().ToLowerInvariant(), reply?.Environment);

    private static void Describe(Activity span, Command command)
    {
        span.SetTag(CommandId, command.CommandId);
        if (command is InstanceCommand { InstanceId: var instance }) span.SetTag(InstanceId, instance);
        if (command is CreateInstance { EnvType: var environment }) span.SetTag(EnvironmentName, environment);
    }

    /// <summary>What is not sampled need not be current: what runs under it would be asked for again and again.</summary>
    private static Activity? Unrecorded(Activity? span)
    {
        span?.Dispose();
        return null;
    }
}
