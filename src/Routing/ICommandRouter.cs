using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Routing;

/// <summary>
/// The command core: what every door calls. A door turns a request into a typed command and an outcome into an answer; rules, resends
/// and owners are behind this interface. Every method ends within the command's <see cref="Command.RemainingMs"/> and a grace of half
/// a second, and throws <see cref="OperationCanceledException"/> where its caller cancels. A cancelled command may take effect all the same.
/// </summary>
public interface ICommandRouter
{
    /// <summary>Makes an instance, on a worker with a free slot.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached, and the command was not sent.</exception>
    Task<CommandOutcome> CreateAsync(CreateInstance command, CancellationToken cancellationToken);

    /// <summary>Lists the tasks of a split. The answer is an array of strings.</summary>
    /// <inheritdoc cref="CreateAsync" />
    Task<CommandOutcome> ListTasksAsync(ListTasks command, CancellationToken cancellationToken);

    /// <summary>Executes a command on a live instance, at the worker that owns it.</summary>
    /// <inheritdoc cref="CreateAsync" />
    Task<CommandOutcome> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : InstanceCommand;

    /// <summary>
    /// Lets commands that came together travel together: what <paramref name="send"/> sends by this router leaves once it returns, in one message for each worker. Each command is executed
    /// and ends by itself all the same, and none waits for another's outcome.
    /// </summary>
    /// <param name="send">Calls <see cref="SendAsync{TCommand}"/> for each of them, and waits for nothing.</param>
    void Together(Action send) => send();

    /// <summary>
    /// Says that the outcome of a step could not be delivered: its caller was gone. The next identical step of a caller that sends
    /// no idempotency key gets that outcome.
    /// </summary>
    Task ReportUndeliveredAsync(StepInstance command);

    /// <summary>
    /// Says that the outcome of a Create could not be delivered: its caller was gone. Where the caller gave nothing by which it could find the
    /// instance again, the instance is released.
    /// </summary>
    void ReportUndelivered(CreateInstance command);
}
