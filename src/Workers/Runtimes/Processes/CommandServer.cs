using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>
/// A server that the settings name by <see cref="EnvironmentOptions.Command"/>. It is told where to listen by
/// <c>SANDQUEUE_SOCKET</c> and <c>PORT</c>, or by <c>{socket}</c>, <c>{port}</c> and <c>{environment}</c> in its command and variables,
/// and may listen on either.
/// </summary>
internal static class CommandServer
{
    /// <summary>Larger files are part of the digest by their names alone.</summary>
    private const long LargestHashed = 64L << 20;

    /// <summary>The stacks of threads count as data, though little of each is ever used.</summary>
    private const int DataPerMemory = 2;

    /// <summary>
    /// A server of others knows nothing of its worker, so a shell watches for it: when the worker's end of the pipe closes,
    /// however the worker ended, the server gets a second to leave, and then it and all it started are killed. It has no core
    /// files, its data has a limit, twice <see cref="EnvironmentOptions.MemoryMb"/>, and the kernel ends it before its worker.
    /// </summary>
    private const string Supervisor =
        """
        ulimit -c 0
        ulimit -d "$1" 2>/dev/null
        shift
        { echo 500 >"/proc/$$/oom_score_adj"; } 2>/dev/null
        exec 3<&0 </dev/null
        if command -v setsid >/dev/null; then
          setsid "$@" 3<&- &
          server=$! all="-- -$!"
        else
          "$@" 3<&- &
          server=$! all=$!
        fi
        (
          while read -r line; do :; done
          kill -s TERM $all
          sleep 1
          kill -s KILL $all
        ) <&3 >/dev/null 2>&1 &
        watch=$!
        exec 3<&-
        wait $server
        code=$?
        kill -s KILL $watch 2>/dev/null
        kill -s KILL $all 2>/dev/null
        exit $code
        """;

    /// <exception cref="ContainerException">Its program or its folder is not there.</exception>
    public static ServerProgram For(string environment, EnvironmentOptions options, string socket)
    {
        var folder = options.WorkingFolder is { Length: > 0 } named ? Path.GetFullPath(named) : Environment.CurrentDirectory;
        if (!Directory.Exists(folder)) throw new ContainerException($"'{environment}' cannot be started: its WorkingFolder {folder} is not there");

        var endpoint = new ServerEndpoint(socket, options.Port ?? ServerEndpoint.FreePort());
        string[] command = [.. options.Command.Concat(options.Arguments).Select(part => Fill(part, environment, endpoint))];
        var program = Find(command[0], folder) ?? throw new ContainerException($"'{environment}' cannot be started: there is no program {command[0]} (Command)");
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SANDQUEUE_SOCKET"] = endpoint.Socket,
            ["SANDQUEUE_ENVIRONMENT"] = environment,
            ["PORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
            // What Python prints reaches the log when it is printed.
            ["PYTHONUNBUFFERED"] = "1",
        };
        ChildVariables.AddData(variables, environment, options);
        foreach (var name in options.Variables.Keys) variables[name] = Fill(options.Variables[name], environment, endpoint);

        var digest = Digest(program, options.Command.Concat(options.Arguments).Skip(1), folder);
        if (OperatingSystem.IsWindows()) return new ServerProgram(program, command[1..], variables, folder, endpoint, digest);
        var memoryKb = ((long)options.MemoryMb * DataPerMemory << 10).ToString(CultureInfo.InvariantCulture);
        return new ServerProgram("/bin/sh", ["-c", Supervisor, "sh", memoryKb, program, .. command[1..]], variables, folder, endpoint, digest);
    }

    private static string Fill(string text, string environment, ServerEndpoint endpoint) => text
        .Replace("{socket}", endpoint.Socket, StringComparison.Ordinal)
        .Replace("{port}", endpoint.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{environment}", environment, StringComparison.Ordinal);

    /// <summary>A path is one in the working folder; a bare name is looked for in <c>PATH</c>.</summary>
    private static string? Find(string program, string folder)
    {
        if (program.Contains('/', StringComparison.Ordinal) || Path.IsPathRooted(program))
        {
            var path = Path.GetFullPath(program, folder);
            return File.Exists(path) ? path : null;
        }

        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd"] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(place => endings.Select(ending => Path.Combine(place, program + ending)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Of the command as the settings have it, of its program, and of the files it names: what else the server loads is not known.</summary>
    private static string Digest(string program, IEnumerable<string> arguments, string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in arguments.Prepend(program))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{part}\n"));
            var file = new FileInfo(Path.GetFullPath(part.Length > 0 ? part : ".", folder));
            if (file is { Exists: true, Length: <= LargestHashed }) hash.AppendData(File.ReadAllBytes(file.FullName));
        }

        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
