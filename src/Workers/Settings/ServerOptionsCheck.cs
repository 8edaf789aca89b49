using SandQueue.Contracts;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Settings;

/// <summary>Refuses settings of a server that the worker starts as a program, attaches to, or has load an assembly, where they cannot work.</summary>
internal static class ServerOptionsCheck
{
    /// <summary>Whether its server is somebody's program on the worker's machine, and no image.</summary>
    public static bool IsForeign(EnvironmentOptions options) => options.Command.Count > 0 || options.Address is { Length: > 0 };

    /// <summary>The key that says what its server is where that is no image; null where it is one.</summary>
    public static string? NoImageKey(EnvironmentOptions options) =>
        options.Command.Count > 0 ? nameof(options.Command)
        : options.Address is { Length: > 0 } ? nameof(options.Address)
        : options.Assembly is { Length: > 0 } ? nameof(options.Assembly)
        : null;

    /// <returns>Each with its key, without the section, and what it may be.</returns>
    public static IEnumerable<string> Problems(EnvironmentOptions options) => AssemblyProblems(options).Concat(ForeignProblems(options));

    private static IEnumerable<string> AssemblyProblems(EnvironmentOptions options)
    {
        if (options.Assembly is not { Length: > 0 } assembly)
        {
            if (options.Class is { Length: > 0 } name) yield return $"Class is {name}, but there is no Assembly that could have it";
            yield break;
        }

        var path = Path.GetFullPath(assembly);
        if (options.Image is { Length: > 0 } || IsForeign(options)) yield return $"Assembly is {path}, but there is an Image, a Command or an Address too; an assembly is loaded by SandQueue's own server";
        if (options.Protocol != ProtocolNames.EnvironmentService) yield return $"Protocol is '{options.Protocol}', but there is an Assembly, whose server speaks {ProtocolNames.EnvironmentService}";
        if (options.Enabled && !File.Exists(path)) yield return $"Assembly is {path}, and there is no such file; build its project, or correct the path";
    }

    private static IEnumerable<string> ForeignProblems(EnvironmentOptions options)
    {
        if (!IsForeign(options)) yield break;
        if (options.Image is { Length: > 0 }) yield return $"Image is {options.Image}, but there is a Command or an Address too; a server is one of the three";
        if (options is { Command.Count: > 0, Address.Length: > 0 }) yield return $"Address is {options.Address}, but there is a Command too; a server that the worker starts has no address yet";
        if (options.Command.Count > 0 && options.Command[0].Length == 0) yield return "Command begins with an empty text; its first part is the program";
        if (options is { Command.Count: > 0, Port: not null, MaxContainers: > 1 }) yield return "Port is set, and MaxContainers is more than 1; leave Port empty, and each server gets a free one";
        if (options.Address is not { Length: > 0 } address) yield break;
        if (!IsAddress(address)) yield return $"Address is '{address}'; write http://127.0.0.1:8000, or unix:/path/of.sock";
        if (options.MaxContainers > 1) yield return $"MaxContainers is {options.MaxContainers}; behind an Address is one server";
        if (options.InheritedVariables.Count > 0) yield return "InheritedVariables is set, but there is an Address; a server that runs already inherits nothing";
    }

    private static bool IsAddress(string address) =>
        address.StartsWith("unix:/", StringComparison.Ordinal)
        || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri.AbsolutePath == "/");
}
