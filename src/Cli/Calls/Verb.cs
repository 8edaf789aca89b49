using System.CommandLine;

namespace SandQueue.Cli.Calls;

/// <summary>Makes commands.</summary>
internal static class Verb
{
    /// <param name="around">What the program finds around it.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does, one line.</param>
    /// <param name="run">Does it, and gives the exit code.</param>
    /// <param name="symbols">Its arguments and options.</param>
    public static Command Of(Surroundings around, string name, string description, Func<Call, CancellationToken, Task<int>> run, params IEnumerable<Symbol> symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var call = new Call(parsed, around);
            return await run(call, cancellationToken);
        });
        return command;
    }

    /// <summary>A command that has only others below it.</summary>
    public static Command Group(string name, string description, params IEnumerable<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands) group.Subcommands.Add(command);
        return group;
    }
}
