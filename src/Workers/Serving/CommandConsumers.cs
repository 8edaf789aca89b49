using MassTransit;
using SandQueue.Workers.Commands.Creation;
using SandQueue.Workers.Commands.Description;
using SandQueue.Workers.Commands.Evaluation;
using SandQueue.Workers.Commands.Release;
using SandQueue.Workers.Commands.Solution;
using SandQueue.Workers.Commands.Stepping;
using SandQueue.Workers.Commands.Tasks;

namespace SandQueue.Workers.Serving;

/// <summary>The consumers of a worker, by the queues that they take commands from.</summary>
internal sealed class CommandConsumers(
    CreateInstanceConsumer creates,
    StepInstanceConsumer steps,
    ResponseUndeliveredConsumer undelivered,
    EvaluateInstanceConsumer evaluations,
    DescribeInstanceConsumer descriptions,
    SolveInstanceConsumer solutions,
    ReleaseInstanceConsumer releases,
    ListTasksConsumer tasks)
{
    /// <summary>Of the shared queue of an environment's Creates.</summary>
    public IReadOnlyList<IConsumer> OfCreates { get; } = [creates];

    /// <summary>Of an environment's shared entry, and of a worker's own queue.</summary>
    public IReadOnlyList<IConsumer> OfCommands { get; } = [steps, creates, releases, evaluations, undelivered, descriptions, solutions, tasks];
}
