using System.CommandLine;
using SandQueue.Cli.Administration;
using SandQueue.Cli.Batches;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Completion;
using SandQueue.Cli.Diagnosis;
using SandQueue.Cli.Environments;
using SandQueue.Cli.Episodes;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Rollouts;
using SandQueue.Cli.Transfers;
using SandQueue.Cli.Validation;

namespace SandQueue.Cli;

/// <summary>All commands, and how a run of one ends.</summary>
internal static class CommandLine
{
    private const string Program = "sandqueue";

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The words of the command line.</param>
    /// <param name="around">What the program finds around it.</param>
    /// <param name="output">Where help and suggestions go.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, Surroundings around, TextWriter output, CancellationToken cancellationToken)
    {
        var parsed = Root(around).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            around.Screen.Note($"{Program}: {WrongWords.Of(parsed)}; '{PathOf(parsed.CommandResult)} --help' says what it takes");
            return ExitCode.Usage;
        }

        try
        {
            // What the library writes is help, which calls the program after its file.
            using var written = new StringWriter();
            var surroundings = new InvocationConfiguration { Output = written, Error = written, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            var code = await parsed.InvokeAsync(surroundings, cancellationToken);
            await output.WriteAsync(written.ToString().Replace($"  {RootCommand.ExecutableName} ", $"  {Program} ", StringComparison.Ordinal));
            return code;
        }
        catch (CliException exception)
        {
            around.Screen.Note($"{Program}: {exception.Message}");
            return exception.Code;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private static RootCommand Root(Surroundings around)
    {
        var root = new RootCommand("The command line of SandQueue: environments, rollouts, batches and their reports, against any gateway")
        {
            CommonOptions.Url, CommonOptions.Key, CommonOptions.KeyFile, CommonOptions.Json,
        };
        Command[] commands =
        [
            .. EnvironmentCommands.All(around), PlayCommand.Play(around), RolloutCommands.Rollout(around), BatchCommands.Batch(around), .. ReplayCommands.All(around), DriftCommand.Drift(around),
            .. TransferCommands.All(around), ValidateCommand.Validate(around), EpisodeCommands.Episodes(around), .. WorkerCommands.All(around), KeyCommands.Keys(around), SecretCommands.Secrets(around),
            DoctorCommand.Doctor(around), CompletionCommand.Of(around),
        ];
        foreach (var command in commands) root.Subcommands.Add(command);
        return root;
    }

    private static string PathOf(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : Program;
}
