using System.Diagnostics;

namespace SandQueue.Testing;

/// <summary>A temporary folder with a package of npm's, for scripts that run in it.</summary>
public sealed class NodePackages : IDisposable
{
    /// <summary>For a registry that answers slowly, and is asked for each package again.</summary>
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqf-node-");

    private NodePackages()
    {
    }

    /// <summary>Why there is none.</summary>
    public string? Missing { get; private set; }

    /// <param name="package">Its name and version, as <c>amqplib@1.0.0</c>.</param>
    public static async Task<NodePackages> InstallAsync(string package)
    {
        var packages = new NodePackages();
        if (Find("node") is null || Find("npm") is not { } npm)
        {
            packages.Missing = "node and npm are not installed";
            return packages;
        }

        // A request that nobody answers is made again after half a minute, where npm itself waits for five.
        var install = new ProcessStartInfo(npm, ["install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--fetch-timeout=30000", package]) { WorkingDirectory = packages._folder.FullName };
        try
        {
            var (exit, _, errors) = await ForeignProgram.RunAsync(install, InstallLimit);
            if (exit != 0) packages.Missing = $"npm could not install {package}: {errors.Split('\n')[0]}";
        }
        catch (OperationCanceledException)
        {
            packages.Missing = $"npm could not install {package} within {InstallLimit.TotalMinutes:0} minutes";
        }

        return packages;
    }

    /// <summary>Runs a script beside the package.</summary>
    public async Task<(int ExitCode, string[] Lines, string Errors)> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        var file = Path.Combine(_folder.FullName, $"{Guid.NewGuid():n}.mjs");
        await File.WriteAllTextAsync(file, script);
        var start = new ProcessStartInfo(Find("node")!, [file]) { WorkingDirectory = _folder.FullName };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return await ForeignProgram.RunAsync(start);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
