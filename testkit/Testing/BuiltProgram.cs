namespace SandQueue.Testing;

/// <summary>Where the build put the programs of <c>src</c>.</summary>
public static class BuiltProgram
{
    /// <summary>The library to start with <c>dotnet exec</c>, built in the same configuration as the program that asks.</summary>
    /// <param name="project">Gateway, Workers.</param>
    public static string Library(string project) => Path.Combine(Repository.Root, "src", project, "bin", Configuration, $"SandQueue.{project}.dll");

    /// <summary>The part of this program's own folder behind <c>bin</c>, as <c>Debug/net10.0</c>.</summary>
    private static string Configuration
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            while (output.Name != "bin") output = output.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is no build's output");
            return Path.GetRelativePath(output.FullName, AppContext.BaseDirectory);
        }
    }
}
