using SandQueue.Contracts;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>What one kind of command does at its instance's owner.</summary>
/// <typeparam name="TCommand">The kind of command.</typeparam>
internal interface ICommandExecution<in TCommand>
    where TCommand : InstanceCommand
{
    /// <summary>Runs within the owner's mailbox: nothing else touches the instance meanwhile.</summary>
    /// <param name="owner">The instance.</param>
    /// <param name="command">The command.</param>
    /// <param name="clock">When it arrived, and how long it has.</param>
    /// <param name="cancellationToken">Ends with the caller's time.</param>
    Task<OwnerResult> ExecuteAsync(InstanceOwner owner, TCommand command, CommandClock clock, CancellationToken cancellationToken);
}
