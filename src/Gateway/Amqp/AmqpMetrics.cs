using System.Diagnostics.Metrics;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Amqp;

/// <summary>What the door counts, in the meter <see cref="MeterName"/>.</summary>
internal sealed class AmqpMetrics
{
    public const string MeterName = "SandQueue.Gateway.Amqp";

    private readonly Counter<long> _commands;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _returned;
    private readonly Counter<long> _moved;
    private readonly Counter<long> _refusedEvents;
    private readonly UpDownCounter<long> _running;

    public AmqpMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _commands = meter.CreateCounter<long>("sandqueue.amqp.commands", "{command}", "Commands that ended, by name and end.");
        _deadLetters = meter.CreateCounter<long>("sandqueue.amqp.dead_letters", "{message}", "Messages put aside, by why: unauthenticated, reply_to, malformed.");
        _returned = meter.CreateCounter<long>("sandqueue.amqp.returned_replies", "{message}", "Replies that came back, because nobody waited for them.");
        _moved = meter.CreateCounter<long>("sandqueue.amqp.moved", "{message}", "Commands moved to a waiting queue, because they were above their tenant's share.");
        _refusedEvents = meter.CreateCounter<long>("sandqueue.amqp.refused_events", "{message}", "Events that not all queues which listen took, because one was full.");
        _running = meter.CreateUpDownCounter<long>("sandqueue.amqp.running", "{command}", "Commands that run now.");
    }

    public void Began() => _running.Add(1);

    /// <summary>Counts a command that was begun.</summary>
    /// <param name="command">The command.</param>
    /// <param name="outcome">Its outcome; null where there is none, and it is executed again.</param>
    public void Ended(Command command, CommandOutcome? outcome)
    {
        _running.Add(-1);
        if (outcome is not null) _commands.Add(1, new("command", AmqpAnswer.Name(command)), new("end", OutcomeNames.End(outcome)));
    }

    public void PutAside(string why) => _deadLetters.Add(1, new KeyValuePair<string, object?>("why", why));

    public void Returned() => _returned.Add(1);

    public void Moved() => _moved.Add(1);

    public void EventRefused() => _refusedEvents.Add(1);
}
