namespace SandQueue.Testing;

/// <summary>The checkout these tests were built in.</summary>
public static class Repository
{
    /// <summary>Its full path.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Queue.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside a checkout of SandQueue");
    }
}
