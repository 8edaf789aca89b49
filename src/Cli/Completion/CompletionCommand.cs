using System.CommandLine;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;

namespace SandQueue.Cli.Completion;

/// <summary><c>completion</c>: what a shell reads so that it can complete this program's commands. The shell asks the program itself.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh or fish" };

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # In ~/.bashrc: eval "$(sandqueue completion bash)"
            _sandqueue() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(sandqueue "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _sandqueue sandqueue
            """,
        ["zsh"] = """
            # In ~/.zshrc, after compinit: eval "$(sandqueue completion zsh)"
            _sandqueue() {
              local -a found
              found=("${(@f)$(sandqueue "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              [[ -n "$found" ]] && compadd -- $found || _files
            }
            compdef _sandqueue sandqueue
            """,
        ["fish"] = """
            # sandqueue completion fish > ~/.config/fish/completions/sandqueue.fish
            complete -c sandqueue -f -a '(sandqueue "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
            complete -c sandqueue -F -n '__fish_seen_argument -l items -l actions -l tasks-file -l output -s o -l key-file'
            """,
    };

    public static Command Of(Surroundings around)
    {
        Shell.CompletionSources.Add([.. Scripts.Keys]);
        var command = new Command("completion", "Print what a shell reads to complete commands") { Shell };
        command.SetAction(parsed =>
        {
            var shell = parsed.GetValue(Shell)!;
            around.Screen.Text(Scripts.TryGetValue(shell, out var script) ? script : throw CliException.Usage($"there is no completion for '{shell}'; there is {string.Join(", ", Scripts.Keys)}"));
            return ExitCode.Fine;
        });
        return command;
    }
}
