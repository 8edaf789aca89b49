namespace SandQueue.Architecture.Tests.Reading;

public sealed class SourceFileTests
{
    [Fact]
    public void Says_its_folder_its_namespace_and_what_it_imports()
    {
        var file = new SourceFile("src/Workers/Recovery/A.cs", """
            using System.Text;
            using SandQueue.Workers.Pools;
            using static SandQueue.Contracts.Names;
            using Bus = SandQueue.Transport.Sending;

            namespace SandQueue.Workers.Recovery;

            // using SandQueue.Workers.Hosting;
            """);

        (file.Name, file.Folder, file.Namespace, file.Lines).ShouldBe(("A.cs", "Workers.Recovery", "SandQueue.Workers.Recovery", 7));
        file.Imports.ShouldBe(["SandQueue.Workers.Pools", "SandQueue.Contracts.Names", "SandQueue.Transport.Sending"]);
    }

    [Fact]
    public void May_declare_no_namespace() => new SourceFile("src/Workers/Program.cs", "return 0;\n").Namespace.ShouldBeNull();
}
