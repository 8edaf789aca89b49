using SandQueue.Architecture.Tests.Reading;

namespace SandQueue.Architecture.Tests.Folders;

public sealed class NamespaceTests
{
    /// <summary>Files without a namespace are programs of a few lines and attributes of their assembly.</summary>
    [Fact]
    public void A_file_declares_the_namespace_of_its_folder() =>
        SourceFiles.Of("src", "testkit", "tests", "bench")
            .Where(file => file.Namespace is { } declared && declared != Expected(file))
            .Select(file => $"{file.Path} declares {file.Namespace} in place of {Expected(file)}")
            .ShouldBeNone();

    // The benchmark's project stands in the top-level folder itself, and so does what all test programs have.
    private static string Expected(SourceFile file) =>
        (file.Path.StartsWith("bench/", StringComparison.Ordinal) ? $"SandQueue.Bench.{file.Folder}" : $"SandQueue.{file.Folder}").TrimEnd('.');
}
