namespace SandQueue.Testing;

/// <summary>
/// The folder with public data sets and recorded answers that some tests compare with. It is not part of the project:
/// tests look for it beside the checkout, or where <c>SANDQUEUE_TEST_SHARED</c> says, and skip where it is absent.
/// </summary>
public static class SharedFolder
{
    private const string Setting = "SANDQUEUE_TEST_SHARED";

    /// <summary>The full path of a file or folder in it; skips the running test where it is not there.</summary>
    public static string Require(string relative)
    {
        var path = Find(relative);
        Assert.SkipWhen(path is null, $"needs {relative} in the shared folder beside the checkout, or in the folder {Setting} names");
        return path!;
    }

    /// <summary>The full path of a file or folder in it, or null where it is not there.</summary>
    public static string? Find(string relative)
    {
        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } named) return Existing(Path.Combine(named, relative));

        return Existing(Path.Combine(Repository.Root, "..", "shared", relative));
    }

    private static string? Existing(string path) =>
        File.Exists(path) || Directory.Exists(path) ? Path.GetFullPath(path) : null;
}
