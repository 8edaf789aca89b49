using SandQueue.Contracts;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>Counts a forward on a command, so that no command can circle.</summary>
internal static class Forwarded
{
    public static TCommand Once<TCommand>(TCommand command)
        where TCommand : class, IInstanceCommand => (TCommand)(IInstanceCommand)(command switch
        {
            CreateInstance create => create with { Forwards = create.Forwards + 1 },
            StepInstance step => step with { Forwards = step.Forwards + 1 },
            EvaluateInstance evaluate => evaluate with { Forwards = evaluate.Forwards + 1 },
            DescribeInstance describe => describe with { Forwards = describe.Forwards + 1 },
            ReleaseInstance release => release with { Forwards = release.Forwards + 1 },
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "this kind of command is not forwarded"),
        });
}
