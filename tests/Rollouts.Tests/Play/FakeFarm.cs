using System.Text;
using SandQueue.Contracts;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Tests.Play;

/// <summary>
/// A command core with an environment that counts: an episode of <see cref="Length"/> steps, a reward of 0.5 each, scored by the steps that were taken. It answers
/// an id that it knows as the journal does. Faults come in front of it.
/// </summary>
internal sealed class FakeFarm : ICommandRouter
{
    private readonly Dictionary<string, CommandOutcome> _journal = [];
    private readonly Dictionary<string, byte[]> _actions = [];
    private readonly Queue<(string Id, Func<Task<CommandOutcome>> Fault)> _faults = [];

    public int Length { get; init; } = 3;

    public string Info { get; init; } = "";

    public int Steps { get; private set; }

    public bool IsReleased { get; private set; }

    public bool IsCreated { get; private set; }

    public List<Command> Sent { get; } = [];

    public List<CreateInstance> Abandoned { get; } = [];

    /// <summary>Answers a command so, once, when it comes; several for one id come one after the other.</summary>
    public FakeFarm Answer(string idEnd, CommandOutcome outcome) => Answer(idEnd, () => Task.FromResult(outcome));

    public FakeFarm Answer(string idEnd, Func<Task<CommandOutcome>> outcome)
    {
        _faults.Enqueue((idEnd, outcome));
        return this;
    }

    public Task<CommandOutcome> CreateAsync(CreateInstance command, CancellationToken cancellationToken) => ExecuteAsync(command, Create, cancellationToken);

    private string Create()
    {
        IsCreated = true;
        return """{"state":[{"role":"system","content":"Count."},{"role":"user","content":"Begin."}],"info":{"instance_id":"i","task_id":"t","tools":[],"provenance":{"environment":"count","seed":7}}}""";
    }

    public Task<CommandOutcome> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : InstanceCommand => ExecuteAsync(command, () => command switch
        {
            StepInstance step => Step(step),
            EvaluateInstance => $$$"""{"score":{{{Steps}}},"end_reason":null,"provenance":{}}""",
            _ => Release(),
        }, cancellationToken);

    public Task<CommandOutcome> ListTasksAsync(ListTasks command, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReportUndeliveredAsync(StepInstance command) => Task.CompletedTask;

    public void ReportUndelivered(CreateInstance command) => Abandoned.Add(command);

    private async Task<CommandOutcome> ExecuteAsync(Command command, Func<string> execute, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Sent.Add(command);
        if (_faults.TryPeek(out var next) && command.CommandId.EndsWith(next.Id, StringComparison.Ordinal))
        {
            _faults.Dequeue();
            return await next.Fault().WaitAsync(cancellationToken);
        }

        if (_journal.TryGetValue(command.CommandId, out var known))
        {
            return command is StepInstance again && !again.Action.AsSpan().SequenceEqual(_actions[again.CommandId]) ? new CommandOutcome.Rejected(CommandReason.Conflict, "another action has this id") : known;
        }

        if (command is StepInstance taken) _actions[taken.CommandId] = taken.Action;
        return _journal[command.CommandId] = new CommandOutcome.Completed(Encoding.UTF8.GetBytes(execute()), new CommandTiming(0, 2, 0));
    }

    private string Step(StepInstance step)
    {
        Steps++;
        step.ExpectedStep.ShouldBe(Steps);
        var isOver = Steps == Length;
        var end = isOver ? ""","end_reason":"counted","truncated":false""" : "";
        return $$$"""{"state":[{"role":"user","content":"{{{Steps}}}"}],"reward":0.5,"is_terminated":{{{(isOver ? "true" : "false")}}},"info":{"step":{{{Steps}}}{{{end}}}{{{Info}}}}}""";
    }

    private string Release()
    {
        IsReleased = true;
        return "true";
    }
}
