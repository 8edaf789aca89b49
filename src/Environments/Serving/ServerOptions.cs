using System.Globalization;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Serving;

/// <summary>The command line of the environment server.</summary>
internal sealed record ServerOptions
{
    private const string Usage =
        "usage: SandQueue.Environments (--socket PATH | --port NUMBER) [--environment NAME]... [--assembly PATH [--class NAME]] [--longest-prompt BYTES] [--die-with-parent], or --list";

    /// <summary>The Unix socket to listen on; the only way in for a built-in environment, which has no network.</summary>
    public string? Socket { get; private init; }

    /// <summary>A loopback port to listen on instead.</summary>
    public int Port { get; private init; }

    /// <summary>The environments to serve; empty serves all but those made for tests.</summary>
    public IReadOnlyList<string> Environments { get; private init; } = [];

    /// <summary>An assembly that has the one environment to serve; null serves built-in ones.</summary>
    public string? Assembly { get; private init; }

    /// <summary>The class of <see cref="Assembly"/> that is the environment, with its namespace; null where it has only one.</summary>
    public string? Class { get; private init; }

    /// <summary>End when standard input ends: it is a pipe to the parent, and ends with it however that died.</summary>
    public bool DieWithParent { get; private init; }

    /// <summary>Bytes of UTF-8 that a caller's wording (<c>params.prompt_template</c>) may fill the first two messages with.</summary>
    public int LongestPrompt { get; private init; } = PromptTemplate.DefaultLongest;

    /// <summary>What is wrong with the command line, for people; null where it is right.</summary>
    public string? Problem { get; private init; }

    public static ServerOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ServerOptions();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--die-with-parent")
            {
                options = options with { DieWithParent = true };
                continue;
            }

            if (i + 1 == args.Count) return new ServerOptions { Problem = $"{args[i]} needs a value; {Usage}" };
            var value = args[++i];
            switch (args[i - 1])
            {
                case "--socket":
                    options = options with { Socket = value };
                    break;
                case "--port" when ushort.TryParse(value, CultureInfo.InvariantCulture, out var port):
                    options = options with { Port = port };
                    break;
                case "--environment":
                    options = options with { Environments = [.. options.Environments, value] };
                    break;
                case "--assembly":
                    options = options with { Assembly = value };
                    break;
                case "--class":
                    options = options with { Class = value };
                    break;
                case "--longest-prompt" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0:
                    options = options with { LongestPrompt = bytes };
                    break;
                default:
                    return new ServerOptions { Problem = $"'{args[i - 1]} {value}' is not understood; {Usage}" };
            }
        }

        if (options.EnvironmentsProblem() is { } problem) return new ServerOptions { Problem = problem };
        return options.Socket is null && options.Port == 0 ? new ServerOptions { Problem = Usage } : options;
    }

    private string? EnvironmentsProblem()
    {
        if (Assembly is not null) return Environments.Count == 1 ? null : $"--assembly has one environment, whose name is needed by one --environment; {Usage}";
        if (Class is not null) return $"--class names a class of an --assembly, and there is none; {Usage}";
        return Environments.FirstOrDefault(name => !BuiltInEnvironments.Names.Contains(name)) is { } unknown
            ? $"there is no environment '{unknown}'; known are {string.Join(", ", BuiltInEnvironments.Names)}"
            : null;
    }
}
